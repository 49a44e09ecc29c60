using BpTrainer.Networks;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>The updates of a layer that learns sample by sample.</summary>
internal sealed unsafe class OnlineUpdate<T, TOptimizer>(ElementwiseStep<T, TOptimizer> step, OnlinePlace<T> place, T biasRateFactor)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptimizer : struct, IElementwiseOptimizer<T>
{
    private readonly bool _isShared = place.Layout.Spec.Bias == BiasKind.Shared;
    private readonly int _biases = place.Layout.BiasOffset;
    private readonly int _units = place.Layout.Outputs;
    private readonly bool _isCounting = step.Numbers.Length > 0;
    private readonly bool _hasSlopes = place.Layout.HasSlopes;

    /// <summary>The distance from a number of the state to the next number of the same parameter.</summary>
    public int Distance { get; } = step.Distance;

    /// <summary>Begins the update of all layers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(T loss)
    {
        if (_isCounting)
        {
            step.Begin(double.CreateTruncating(loss));
        }
    }

    public bool TrainsBiases { get; } = place.Layout.Spec.Bias != BiasKind.Frozen;

    /// <summary>The optimizer for the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TOptimizer ForWeights(in OnlineSample<T> sample) => step.Prepare(sample.LearningRate);

    /// <summary>The optimizer for the biases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TOptimizer ForBiases(in OnlineSample<T> sample) => step.Prepare(sample.LearningRate * biasRateFactor);

    /// <summary>Updates the biases by the error terms, and the learned slopes. The error terms are no longer needed afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish<TSimd, TVector>(T* delta, in OnlineSample<T> sample)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
    {
        if (_isShared)
        {
            Share(delta);
        }

        if (TrainsBiases)
        {
            TOptimizer optimizer = ForBiases(sample);
            T* biases = sample.Parameters + _biases;
            T* memory = sample.Memory + _biases;
            for (int u = 0; u < _units; u += TSimd.Count)
            {
                ElementwiseUpdate<TSimd, TVector, T, TOptimizer>.Run(optimizer, biases + u, TSimd.Load(delta + u), memory + u, Distance);
            }
        }

        if (_hasSlopes)
        {
            ChangeSlopes(sample);
        }
    }

    /// <summary>Replaces the error terms of a shared bias by their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Share(T* delta)
    {
        var terms = new Span<T>(delta, _units);
        T total = T.Zero;
        foreach (T term in terms)
        {
            total += term;
        }

        terms.Fill(total);
    }

    private void ChangeSlopes(in OnlineSample<T> sample)
    {
        LayerLayout layout = place.Layout;
        T* gradient = place.CacheOf(sample);
        step.Apply(
            sample.Parameters + layout.SlopeOffset, gradient, sample.Memory, layout.SlopeOffset, layout.SlopeLength, sample.LearningRate);
    }
}
