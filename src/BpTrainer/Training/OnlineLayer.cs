namespace BpTrainer.Training;

/// <summary>
/// A layer that learns from one sample at a time, with all layers behind it: forward, the same for the layers behind, backward and update,
/// in one method. What follows the last layer is the loss.
/// </summary>
internal abstract unsafe class OnlineLayer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Computes the loss of the sample with inputs x of the layer, and changes its parameters and those behind; if the loss is not finite,
    /// none. Writes ∂L/∂x to <paramref name="dx"/>, of the weights before the change, unless that is null.
    /// </summary>
    public abstract double Learn(T* x, T* dx, in OnlineSample<T> sample);
}

/// <summary>A sample to learn from, and where the numbers of the training begin. On the stack alone.</summary>
internal readonly unsafe ref struct OnlineSample<T>(T* parameters, T* memory, T* work, T* target, T factor, T learningRate)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly T* Parameters = parameters;

    /// <summary>The state of the optimizer; null without one.</summary>
    public readonly T* Memory = memory;

    /// <summary>The block of the <see cref="Workspace{T}"/>.</summary>
    public readonly T* Work = work;

    /// <summary>y, scaled.</summary>
    public readonly T* Target = target;

    /// <summary>What the loss and its derivative are multiplied by.</summary>
    public readonly T Factor = factor;

    public readonly T LearningRate = learningRate;
}
