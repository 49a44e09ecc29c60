namespace BpTrainer.Optimizers;

/// <summary>
/// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − η m̂ / (√v̂ + ε), with g = ∂E/∂w and, in update t, m̂ = m / (1 − β₁ᵗ), v̂ = v /
/// (1 − β₂ᵗ). With a decay, every update begins with w ← w − η·decay·w for weights.
/// </summary>
internal sealed record AdamOptimizer(double Rate, double Beta1, double Beta2, double Epsilon, double? Decay) : StepOptimizer(Rate)
{
    private protected override string Method => Decay is null ? "adam" : "adamw";

    internal override string StateName => (this with { Decay = null }).Name;

    internal override int NumbersPerParameter => Step<float>.Memories;

    internal override bool TakesWeightDecay => Decay is null;

    internal override void Validate()
    {
        base.Validate();
        Guard.InRange(Beta1, 0, 1);
        Guard.InRange(Beta2, 0, 1);
        Guard.PositiveFinite(Epsilon);
        Guard.FiniteAtLeast(Decay ?? 0, 0, nameof(Decay));
    }

    internal override void Check(TrainingOptions options)
    {
        base.Check(options);
        double other = options.Regularization.WeightDecay;
        Refuse(Decay is not null && other != 0, other, "0", "which has its own decay", nameof(Regularization.WeightDecay));
    }

    /// <summary>The decay of AdamW becomes <see cref="Regularization.WeightDecay"/>.</summary>
    internal override TrainingOptions Complete(TrainingOptions options) => Decay is { } decay
        ? options with { Optimizer = this with { Decay = null }, Regularization = options.Regularization with { WeightDecay = decay } }
        : options;

    internal override OptimizerStep<T> CreateStep<T>(int parameters, KernelKind kernel) =>
        ElementwiseStepFactory<T, Step<T>>.For(new Step<T>(Beta1, Beta2, EpsilonOf<T>(Epsilon)), parameters, kernel);

    /// <summary>Remembers m and v, and three numbers: t, 1 − β₁ᵗ and √(1 − β₂ᵗ).</summary>
    private struct Step<T>(double beta1, double beta2, T epsilon) : IElementwiseOptimizer<T>, ICountingOptimizer
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _beta1 = T.CreateChecked(beta1);
        private readonly T _share1 = T.CreateChecked(1 - beta1);
        private readonly T _beta2 = T.CreateChecked(beta2);
        private readonly T _share2 = T.CreateChecked(1 - beta2);
        private T _factor;
        private T _rootFactor;

        public static int Memories => 2;

        public readonly int Numbers => 3;

        public readonly void Begin(Span<double> numbers, double loss)
        {
            double t = ++numbers[0];
            numbers[1] = 1 - Math.Pow(beta1, t);
            numbers[2] = Math.Sqrt(1 - Math.Pow(beta2, t));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Prepare(T learningRate, ReadOnlySpan<double> numbers)
        {
            _factor = -learningRate / T.CreateTruncating(numbers[1]);
            _rootFactor = T.One / T.CreateTruncating(numbers[2]);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            first = TSimd.MultiplyAdd(TSimd.Broadcast(_beta1), first, TSimd.Multiply(TSimd.Broadcast(_share1), g));
            TVector share = TSimd.Multiply(TSimd.Broadcast(_share2), TSimd.Multiply(g, g));
            second = TSimd.MultiplyAdd(TSimd.Broadcast(_beta2), second, share);
            TVector root = TSimd.MultiplyAdd(TSimd.Sqrt(second), TSimd.Broadcast(_rootFactor), TSimd.Broadcast(epsilon));
            return TSimd.MultiplyAdd(TSimd.Broadcast(_factor), TSimd.Divide(first, root), w);
        }
    }
}

/// <summary>
/// Adam with Nesterov's momentum. With g = ∂E/∂w and μₜ = β₁ (1 − ½·0.96^(ψt)), in update t:
/// <code>
/// m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²        π ← π μₜ
/// w ← w − η (μₜ₊₁ m / (1 − π μₜ₊₁) + (1 − μₜ) g / (1 − π)) / (√(v / (1 − β₂ᵗ)) + ε)
/// </code>
/// </summary>
internal sealed record NadamOptimizer(double Rate, double Beta1, double Beta2, double Epsilon, double MomentumDecay) : StepOptimizer(Rate)
{
    private protected override string Method => "nadam";

    internal override int NumbersPerParameter => Step<float>.Memories;

    internal override void Validate()
    {
        base.Validate();
        Guard.InRange(Beta1, 0, 1);
        Guard.InRange(Beta2, 0, 1);
        Guard.PositiveFinite(Epsilon);
        Guard.FiniteAtLeast(MomentumDecay, 0);
    }

    internal override OptimizerStep<T> CreateStep<T>(int parameters, KernelKind kernel) =>
        ElementwiseStepFactory<T, Step<T>>.For(new Step<T>(this, EpsilonOf<T>(Epsilon)), parameters, kernel);

    /// <summary>Remembers m and v, and five numbers: t, π, the factors of m and g, and √(1 − β₂ᵗ).</summary>
    private struct Step<T>(NadamOptimizer optimizer, T epsilon) : IElementwiseOptimizer<T>, ICountingOptimizer
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _beta1 = T.CreateChecked(optimizer.Beta1);
        private readonly T _share1 = T.CreateChecked(1 - optimizer.Beta1);
        private readonly T _beta2 = T.CreateChecked(optimizer.Beta2);
        private readonly T _share2 = T.CreateChecked(1 - optimizer.Beta2);
        private T _momentFactor;
        private T _slopeFactor;
        private T _rootFactor;

        public static int Memories => 2;

        public readonly int Numbers => 5;

        public readonly void Begin(Span<double> numbers, double loss)
        {
            double t = ++numbers[0];
            double momentum = Momentum(t);
            double next = Momentum(t + 1);
            numbers[1] = (t == 1 ? 1 : numbers[1]) * momentum;
            numbers[2] = next / (1 - (numbers[1] * next));
            numbers[3] = (1 - momentum) / (1 - numbers[1]);
            numbers[4] = Math.Sqrt(1 - Math.Pow(optimizer.Beta2, t));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Prepare(T learningRate, ReadOnlySpan<double> numbers)
        {
            _momentFactor = -learningRate * T.CreateTruncating(numbers[2]);
            _slopeFactor = -learningRate * T.CreateTruncating(numbers[3]);
            _rootFactor = T.One / T.CreateTruncating(numbers[4]);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            first = TSimd.MultiplyAdd(TSimd.Broadcast(_beta1), first, TSimd.Multiply(TSimd.Broadcast(_share1), g));
            TVector share = TSimd.Multiply(TSimd.Broadcast(_share2), TSimd.Multiply(g, g));
            second = TSimd.MultiplyAdd(TSimd.Broadcast(_beta2), second, share);
            TVector root = TSimd.MultiplyAdd(TSimd.Sqrt(second), TSimd.Broadcast(_rootFactor), TSimd.Broadcast(epsilon));
            TVector step = TSimd.MultiplyAdd(TSimd.Broadcast(_momentFactor), first, TSimd.Multiply(TSimd.Broadcast(_slopeFactor), g));
            return TSimd.Add(w, TSimd.Divide(step, root));
        }

        private readonly double Momentum(double t) => optimizer.Beta1 * (1 - (0.5 * Math.Pow(0.96, optimizer.MomentumDecay * t)));
    }
}
