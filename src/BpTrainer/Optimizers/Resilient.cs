namespace BpTrainer.Optimizers;

/// <summary>
/// Resilient propagation (Igel and Hüsken, Neurocomputing 50, 2003): every parameter has its own step Δ, which grows while its gradient g
/// keeps its sign and shrinks when the sign changes; only the sign of g matters:
/// <code>
/// g·g′ &gt; 0   Δ ← min(Δ·increase, maximum)
/// g·g′ &lt; 0   Δ ← max(Δ·decrease, minimum), iRPROP+ takes the last step back if the loss rose, then g ← 0
/// w ← w − sign(g) Δ,  g′ ← g
/// </code>
/// </summary>
internal sealed record ResilientOptimizer(
    double Rate, bool Backtracks, double Increase, double Decrease, double MinimumStep, double MaximumStep) : StepOptimizer(Rate)
{
    private protected override string Method => Backtracks ? "irprop+" : "irprop-";

    public override bool IsFullBatchOnly => true;

    internal override bool TakesSchedule => false;

    internal override int NumbersPerParameter => Backtracks ? BacktrackingStep<float>.Memories : PlainStep<float>.Memories;

    internal override void Validate()
    {
        base.Validate();
        Guard.FiniteAtLeast(Increase, 1);
        Guard.InnerShare(Decrease);
        Guard.FiniteAtLeast(MinimumStep, 0);
        if (!(MaximumStep > MinimumStep && double.IsFinite(MaximumStep)))
        {
            throw Guard.OutOfRange(
                nameof(MaximumStep), MaximumStep, FormattableString.Invariant($"a finite number above the smallest step, {MinimumStep}"));
        }
    }

    internal override void Check(TrainingOptions options)
    {
        base.Check(options);
        const string SignsOnly = "which uses only the signs of the gradient; maximumStep limits its steps";
        const string WithoutPenalties = "which compares losses without penalties; use irprop-";
        const string WithoutRate = "which has no learning rate to multiply the decay by; use L2";
        Regularization given = options.Regularization;
        Refuse(given.WeightDecay != 0, given.WeightDecay, "0", WithoutRate);
        Refuse(given.ClipNorm is not null, given.ClipNorm, "null", SignsOnly);
        Refuse(given.ClipValue is not null, given.ClipValue, "null", SignsOnly);
        Refuse(Backtracks && given.L1 != 0, given.L1, "0", WithoutPenalties);
        Refuse(Backtracks && given.L2 != 0, given.L2, "0", WithoutPenalties);
    }

    internal override OptimizerStep<T> CreateStep<T>(int parameters, KernelKind kernel) => Backtracks
        ? ElementwiseStepFactory<T, BacktrackingStep<T>>.For(new BacktrackingStep<T>(new PlainStep<T>(this)), parameters, kernel)
        : ElementwiseStepFactory<T, PlainStep<T>>.For(new PlainStep<T>(this), parameters, kernel);

    /// <summary>Remembers Δ and the sign of g′, and one number: the number of updates.</summary>
    private struct PlainStep<T>(ResilientOptimizer optimizer) : IElementwiseOptimizer<T>, ICountingOptimizer
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _increase = T.CreateChecked(optimizer.Increase);
        private readonly T _decrease = T.CreateChecked(optimizer.Decrease);
        private readonly T _minimum = T.CreateChecked(optimizer.MinimumStep);
        private readonly T _maximum = T.CreateChecked(optimizer.MaximumStep);
        private T _first;

        public static int Memories => 2;

        public readonly int Numbers => 1;

        public readonly void Begin(Span<double> numbers, double loss) => numbers[0]++;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Prepare(T learningRate, ReadOnlySpan<double> numbers) =>
            _first = numbers[0] == 1 ? T.Clamp(learningRate, _minimum, _maximum) : T.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            first = Step<TSimd, TVector>(g, first, ref second, out _);
            return TSimd.Subtract(w, TSimd.Multiply(second, first));
        }

        /// <summary>
        /// Returns the adapted Δ and sets the sign to that of g, or to 0 where it changed. The change is 1 where the sign stayed the same,
        /// −1 where it changed, and 0 where g or g′ is 0.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Step<TSimd, TVector>(TVector g, TVector step, ref TVector sign, out TVector change)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            TVector zero = default;
            TVector one = TSimd.Broadcast(T.One);
            TVector now = TSimd.SelectLess(zero, g, one, TSimd.SelectLess(g, zero, TSimd.Broadcast(T.NegativeOne), zero));
            change = TSimd.Multiply(now, sign);
            sign = TSimd.SelectLess(change, zero, zero, now);

            // Only the first update adds a first step; all steps are 0 before it.
            step = TSimd.Add(step, TSimd.Broadcast(_first));
            TVector larger = TSimd.Multiply(step, TSimd.Broadcast(_increase));
            TVector smaller = TSimd.Multiply(step, TSimd.Broadcast(_decrease));
            TVector maximum = TSimd.Broadcast(_maximum);
            TVector minimum = TSimd.Broadcast(_minimum);
            larger = TSimd.SelectLess(maximum, larger, maximum, larger);
            smaller = TSimd.SelectLess(smaller, minimum, minimum, smaller);
            return TSimd.SelectLess(zero, change, larger, TSimd.SelectLess(change, zero, smaller, step));
        }
    }

    /// <summary>Remembers Δ, the sign of g′ and the last Δw, and three numbers: the number of updates, the last loss, and whether it
    /// rose.</summary>
    private struct BacktrackingStep<T>(PlainStep<T> plain) : IElementwiseOptimizer<T>, ICountingOptimizer
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private PlainStep<T> _plain = plain;
        private T _takenBack;

        public static int Memories => 3;

        public readonly int Numbers => 3;

        public readonly void Begin(Span<double> numbers, double loss)
        {
            numbers[0]++;
            numbers[2] = numbers[0] > 1 && loss > numbers[1] ? 1 : 0;
            numbers[1] = loss;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Prepare(T learningRate, ReadOnlySpan<double> numbers)
        {
            _plain.Prepare(learningRate, numbers);
            _takenBack = T.CreateTruncating(-numbers[2]);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            first = _plain.Step<TSimd, TVector>(g, first, ref second, out TVector change);
            TVector back = TSimd.Multiply(TSimd.Broadcast(_takenBack), third);
            TVector ahead = TSimd.Multiply(TSimd.Subtract(default, second), first);
            third = TSimd.SelectLess(change, default, back, ahead);
            return TSimd.Add(w, third);
        }
    }
}
