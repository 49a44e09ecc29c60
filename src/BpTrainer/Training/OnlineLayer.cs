namespace BpTrainer.Training;

/// <summary>
/// A layer that learns from one sample at a time, together with all layers after it. One method runs forward, calls the next layer, and
/// runs backward and update. The last layer is followed by the loss.
/// </summary>
internal abstract unsafe class OnlineLayer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Computes the loss of the sample with inputs x of the layer, and changes the parameters of this layer and the layers after it, unless
    /// the loss is not finite. Writes ∂L/∂x for the weights before the change to <paramref name="dx"/>, unless that is null.
    /// </summary>
    public abstract double Learn(T* x, T* dx, in OnlineSample<T> sample);
}

/// <summary>A sample to learn from, and pointers to the numbers of the training. It exists only on the stack.</summary>
internal readonly unsafe ref struct OnlineSample<T>(T* parameters, T* memory, T* work, T* target, T factor, T learningRate)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly T* Parameters = parameters;

    /// <summary>The optimizer state; null without one.</summary>
    public readonly T* Memory = memory;

    /// <summary>The block of the <see cref="Workspace{T}"/>.</summary>
    public readonly T* Work = work;

    /// <summary>y, scaled.</summary>
    public readonly T* Target = target;

    /// <summary>The factor of the loss and its derivative.</summary>
    public readonly T Factor = factor;

    public readonly T LearningRate = learningRate;
}
