namespace BpTrainer.Optimizers;

/// <summary>w ← w − η ∂E/∂w.</summary>
internal sealed record GradientDescentOptimizer(double Rate) : StepOptimizer(Rate)
{
    private protected override string Method => "gradient-descent";

    internal override int NumbersPerParameter => Step<float>.Memories;

    internal override OptimizerStep<T> CreateStep<T>(int parameters, KernelKind kernel) =>
        ElementwiseStepFactory<T, Step<T>>.For(default, parameters, kernel);

    private struct Step<T> : IElementwiseOptimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private T _factor;

        public static int Memories => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Prepare(T learningRate, ReadOnlySpan<double> numbers) => _factor = -learningRate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => TSimd.MultiplyAdd(TSimd.Broadcast(_factor), g, w);
    }
}

/// <summary>Δw ← β Δw − η ∂E/∂w, w ← w + β Δw − η ∂E/∂w; see <see cref="Optimizer.Nesterov"/>.</summary>
internal sealed record NesterovOptimizer(double Rate, double Coefficient) : StepOptimizer(Rate)
{
    private protected override string Method => "nesterov";

    internal override int NumbersPerParameter => Step<float>.Memories;

    internal override void Validate()
    {
        base.Validate();
        Guard.InRange(Coefficient, 0, 1, nameof(Momentum));
    }

    internal override OptimizerStep<T> CreateStep<T>(int parameters, KernelKind kernel) =>
        ElementwiseStepFactory<T, Step<T>>.For(new Step<T>(T.CreateChecked(Coefficient)), parameters, kernel);

    /// <summary>Remembers Δw.</summary>
    private struct Step<T>(T momentum) : IElementwiseOptimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
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
            TVector share = TSimd.Broadcast(momentum);
            TVector slope = TSimd.Multiply(TSimd.Broadcast(_factor), g);
            first = TSimd.MultiplyAdd(share, first, slope);
            return TSimd.Add(w, TSimd.MultiplyAdd(share, first, slope));
        }
    }
}
