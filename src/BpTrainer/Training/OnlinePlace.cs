using BpTrainer.Activations;
using BpTrainer.Networks;

namespace BpTrainer.Training;

/// <summary>A layer in the <see cref="Workspace{T}"/> of a sample, and its activation if that is called.</summary>
internal sealed unsafe class OnlinePlace<T>(LayerLayout layout, Workspace<T> work, int layer, bool hasMatchedLoss)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The place of a forward cache that the layer does not have.</summary>
    private const int NotKept = -1;

    private readonly int _netInput = work.NetInput.Start;
    private readonly int _forwardCache = work.ForwardCache[layer]?.Start ?? NotKept;

    public LayerLayout Layout { get; } = layout;

    /// <summary>Whether the layer has the outputs of the network, whose net inputs the loss may read.</summary>
    public bool IsLast { get; } = layer == work.Outputs.Length - 1;

    /// <summary>Whether the loss returns δ, not ∂L/∂a.</summary>
    public bool HasMatchedLoss { get; } = hasMatchedLoss;

    /// <summary>The index of a in the workspace.</summary>
    public int Outputs { get; } = work.Outputs[layer].Start;

    /// <summary>The index of δ.</summary>
    public int Deltas { get; } = work.Deltas[layer].Start;

    /// <summary>a = f(z), in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(ActivationFunction<T> activation, T* a, in OnlineSample<T> sample)
    {
        if (IsLast)
        {
            new ReadOnlySpan<T>(a, Layout.Outputs).CopyTo(new Span<T>(sample.Work + _netInput, Layout.Outputs));
        }

        activation.Apply(a, sample.Parameters + Layout.SlopeOffset, CacheOf(sample), 1, Layout.Outputs, Layout.OutputStride);
    }

    /// <summary>δ = ∂L/∂a ⊙ f′(z), in place; does nothing if the loss has returned δ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyByDerivative(ActivationFunction<T> activation, T* a, T* delta, in OnlineSample<T> sample)
    {
        if (!HasMatchedLoss)
        {
            activation.MultiplyByDerivative(
                delta, a, sample.Parameters + Layout.SlopeOffset, CacheOf(sample), 1, Layout.Outputs, Layout.OutputStride);
        }
    }

    /// <summary>Returns the values that the activation keeps for its derivative; null if it keeps none.</summary>
    public T* CacheOf(in OnlineSample<T> sample) => _forwardCache == NotKept ? null : sample.Work + _forwardCache;
}
