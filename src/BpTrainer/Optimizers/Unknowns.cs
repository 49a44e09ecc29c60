using BpTrainer.Networks;

namespace BpTrainer.Optimizers;

/// <summary>
/// The trained parameters as one vector in double: weights, biases and learned slopes, layer by layer, without padding. A shared bias is
/// one parameter; frozen biases are left out.
/// </summary>
internal sealed class Unknowns
{
    private readonly int[][] _places;

    public Unknowns(LayerLayout[] layouts)
    {
        var places = new List<int[]>();
        var isWeight = new List<bool>();
        foreach (LayerLayout layout in layouts)
        {
            int[] outputs = [.. Enumerable.Range(0, layout.Outputs)];
            for (int i = 0; i < layout.Inputs; i++)
            {
                places.AddRange(outputs.Select(o => new[] { layout.WeightIndex(i, o) }));
            }

            isWeight.AddRange(Enumerable.Repeat(true, places.Count - isWeight.Count));
            int[] biases = Array.ConvertAll(outputs, o => layout.BiasOffset + o);
            places.AddRange(layout.Spec.Bias switch
            {
                BiasKind.Shared => [biases],
                BiasKind.Frozen => [],
                _ => biases.Select(bias => new[] { bias }),
            });
            if (layout.HasSlopes)
            {
                places.AddRange(outputs.Select(o => new[] { layout.SlopeOffset + o }));
            }

            isWeight.AddRange(Enumerable.Repeat(false, places.Count - isWeight.Count));
        }

        _places = [.. places];
        IsWeight = [.. isWeight];
    }

    /// <summary>Whether a parameter is a weight; penalties apply only to weights.</summary>
    public bool[] IsWeight { get; }

    public int Count => _places.Length;

    public static int CountOf(LayerLayout[] layouts) => (int)Math.Min(int.MaxValue, layouts.Sum(
        l => ((long)l.Inputs * l.Outputs) + (l.HasSlopes ? l.Outputs : 0) + l.Spec.Bias switch
        {
            BiasKind.Shared => 1,
            BiasKind.Frozen => 0,
            _ => l.Outputs,
        }));

    public void Read<T>(ReadOnlySpan<T> parameters, Span<double> values) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < _places.Length; k++)
        {
            values[k] = double.CreateTruncating(parameters[_places[k][0]]);
        }
    }

    public void Write<T>(ReadOnlySpan<double> values, Span<T> parameters) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < _places.Length; k++)
        {
            foreach (int place in _places[k])
            {
                parameters[place] = T.CreateTruncating(values[k]);
            }
        }
    }
}
