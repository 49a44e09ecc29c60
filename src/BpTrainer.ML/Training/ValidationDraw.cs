using Microsoft.ML.Data;

namespace BpTrainer.ML;

/// <summary>
/// Says of a row, by nothing but its id and a seed, whether it is a validation row: so it stays one in every pass over a stream,
/// in whatever order the rows come.
/// </summary>
/// <param name="fraction">The share of the rows for validation, in [0, 1).</param>
/// <param name="seed">The seed of the choice.</param>
internal sealed class ValidationDraw(double fraction, int seed)
{
    // 2⁶⁴ · fraction: a row is drawn when its number, one of 2⁶⁴ equally likely ones, is below.
    private ulong _bound = (ulong)(fraction * (1UL << 63)) * 2;

    public bool Takes(DataViewRowId id) => Number(id) < _bound;

    /// <summary>From now on takes only half of the rows that it would have taken.</summary>
    public void Halve() => _bound /= 2;

    /// <summary>From now on takes no row.</summary>
    public void TakeNone() => _bound = 0;

    private ulong Number(DataViewRowId id) => Mix(Mix(Mix((uint)seed) ^ id.Low) ^ id.High);

    /// <summary>The last step of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), by which ids that follow one another get numbers that look random.</summary>
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
