using BpTrainer.ML.BlockScoring;
using Microsoft.ML.Data;
using Microsoft.ML.Numeric;

namespace BpTrainer.ML.Models;

/// <summary>
/// How much each feature of a row adds to its score: cᵢ = f(x) − f(x with xᵢ at its baseline), the change that taking one
/// feature away makes. The baseline is what the network's scaling of its inputs takes to 0: the mean of the training rows or the value that most of them have, and 0
/// without normalization. Without a hidden layer this is weight · (xᵢ − baseline), as in ML.NET's linear models, whose baseline is 0.
/// </summary>
/// <param name="model">A model with one score.</param>
/// <param name="baselines">The value of every feature that stands for its absence.</param>
internal sealed class FeatureContributions(IBlockScoredModel model, float[] baselines)
{
    private const int MostRows = 256;

    // Row 0 is the row itself; each other one lacks a feature.
    private readonly float[] _rows = new float[(long)Math.Min(MostRows, baselines.Length + 1) * baselines.Length];
    private readonly float[] _scores = new float[Math.Min(MostRows, baselines.Length + 1)];
    private readonly float[] _row = new float[baselines.Length];

    /// <summary>Computes the contributions of a row.</summary>
    /// <param name="features">The row.</param>
    /// <param name="contributions">Receives a number for every feature.</param>
    /// <param name="top">The most positive contributions to give, the largest first; the others become 0.</param>
    /// <param name="bottom">The most negative contributions to give.</param>
    /// <param name="normalize">Whether the largest magnitude becomes 1.</param>
    public void Compute(in VBuffer<float> features, ref VBuffer<float> contributions, int top, int bottom, bool normalize)
    {
        features.CopyTo(_row);
        VBufferEditor<float> editor = VBufferEditor.Create(ref contributions, _row.Length);
        int step = _scores.Length - 1;
        for (int first = 0; first < _row.Length; first += step)
        {
            Score(first, editor.Values.Slice(first, Math.Min(step, _row.Length - first)));
        }

        contributions = editor.Commit();
        VectorUtils.SparsifyNormalize(ref contributions, top, bottom, normalize);
    }

    private void Score(int first, Span<float> changes)
    {
        int width = _row.Length;
        for (int r = 0; r <= changes.Length; r++)
        {
            _row.CopyTo(_rows.AsSpan(r * width, width));
        }

        for (int r = 0; r < changes.Length; r++)
        {
            _rows[((r + 1) * width) + first + r] = baselines[first + r];
        }

        model.Score(_rows.AsSpan(0, (changes.Length + 1) * width), _scores.AsSpan(0, changes.Length + 1), changes.Length + 1);
        for (int r = 0; r < changes.Length; r++)
        {
            changes[r] = _scores[0] - _scores[r + 1];
        }
    }
}
