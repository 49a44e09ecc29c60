namespace BpTrainer.Optimizers;

/// <summary>s ← s + g², w ← w − η g / (√s + ε), with g = ∂E/∂w.</summary>
internal sealed record AdaGradOptimizer(double Rate, double Epsilon) : StepOptimizer(Rate)
{
    private protected override string Method => "adagrad";

    internal override int NumbersPerParameter => Step<float>.Memories;

    internal override void Validate()
    {
        base.Validate();
        Guard.PositiveFinite(Epsilon);
    }

    internal override OptimizerStep<T> CreateStep<T>(int parameters, KernelKind kernel) =>
        ElementwiseStepFactory<T, Step<T>>.For(new Step<T>(EpsilonOf<T>(Epsilon)), parameters, kernel);

    /// <summary>Remembers s.</summary>
    private struct Step<T>(T epsilon) : IElementwiseOptimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private T _factor;

        public static int Memories => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Prepare(T learningRate, ReadOnlySpan<double> numbers) => _factor = -learningRate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            first = TSimd.MultiplyAdd(g, g, first);
            TVector slope = TSimd.Divide(g, TSimd.Add(TSimd.Sqrt(first), TSimd.Broadcast(epsilon)));
            return TSimd.MultiplyAdd(TSimd.Broadcast(_factor), slope, w);
        }
    }
}

/// <summary>s ← ρ s + (1 − ρ) g², w ← w − η g / (√s + ε), with g = ∂E/∂w.</summary>
internal sealed record RmsPropOptimizer(double Rate, double Decay, double Epsilon) : StepOptimizer(Rate)
{
    private protected override string Method => "rmsprop";

    internal override int NumbersPerParameter => Step<float>.Memories;

    internal override void Validate()
    {
        base.Validate();
        Guard.InRange(Decay, 0, 1);
        Guard.PositiveFinite(Epsilon);
    }

    internal override OptimizerStep<T> CreateStep<T>(int parameters, KernelKind kernel) => ElementwiseStepFactory<T, Step<T>>.For(
        new Step<T>(T.CreateChecked(Decay), T.CreateChecked(1 - Decay), EpsilonOf<T>(Epsilon)), parameters, kernel);

    /// <summary>Remembers s.</summary>
    private struct Step<T>(T decay, T share, T epsilon) : IElementwiseOptimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private T _factor;

        public static int Memories => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Prepare(T learningRate, ReadOnlySpan<double> numbers) => _factor = -learningRate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            first = TSimd.MultiplyAdd(TSimd.Broadcast(decay), first, TSimd.Multiply(TSimd.Broadcast(share), TSimd.Multiply(g, g)));
            TVector slope = TSimd.Divide(g, TSimd.Add(TSimd.Sqrt(first), TSimd.Broadcast(epsilon)));
            return TSimd.MultiplyAdd(TSimd.Broadcast(_factor), slope, w);
        }
    }
}
