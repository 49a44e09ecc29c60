using BpTrainer.Networks;

namespace BpTrainer.Optimizers;

/// <summary>
/// The parameters that training changes as one vector of numbers, in double: weights and biases of a layer, then its learned slopes, layer
/// after layer, without padding. A shared bias is one of them, frozen ones are none.
/// </summary>
internal sealed class Unknowns
{
    private readonly int[][] _places;

    /// <summary>Finds the parameters of a network with these layers.</summary>
    public Unknowns(LayerLayout[] layouts)
    {
        var places = new List<int[]>();
        var isWeight = new List<bool>();
        foreach (LayerLayout layout in layouts)
        {
            int[] outputs = [.. Enumerable.Range(0, layout.Outputs)];
            foreach (int i in Enumerable.Range(0, layout.Inputs))
            {
                places.AddRange(outputs.Select(o => new[] { layout.WeightIndex(i, o) }));
            }

            isWeight.AddRange(Enumerable.Repeat(true, places.Count - isWeight.Count));
            if (layout.Spec.Bias == BiasKind.Shared)
            {
                places.Add([.. outputs.Select(o => layout.BiasOffset + o)]);
            }
            else if (layout.Spec.Bias == BiasKind.PerUnit)
            {
                places.AddRange(outputs.Select(o => new[] { layout.BiasOffset + o }));
            }

            if (layout.HasSlopes)
            {
                places.AddRange(outputs.Select(o => new[] { layout.SlopeOffset + o }));
            }

            isWeight.AddRange(Enumerable.Repeat(false, places.Count - isWeight.Count));
        }

        _places = [.. places];
        IsWeight = [.. isWeight];
    }

    /// <summary>Whether a parameter is a weight, which penalties concern.</summary>
    public bool[] IsWeight { get; }

    public int Count => _places.Length;

    /// <summary>How many there are.</summary>
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
