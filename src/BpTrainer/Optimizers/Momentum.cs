namespace BpTrainer.Optimizers;

/// <summary>
/// Δw ← β Δw − η ∂E/∂w, w ← w + Δw or, with an adaptive rate, the formula of the <see cref="AdaptiveMomentumRule"/>.
/// </summary>
internal sealed record MomentumOptimizer(double Rate, double Coefficient) : StepOptimizer(Rate)
{
    /// <summary>Without an adaptive rate, always <see cref="AdaptiveMomentumRule.Textbook"/>.</summary>
    public AdaptiveMomentumRule Rule { get; init; }

    private protected override string Method => Rule switch
    {
        AdaptiveMomentumRule.MatlabCode => "momentum-matlab-code",
        AdaptiveMomentumRule.MatlabHelp => "momentum-matlab-help",
        _ => "momentum",
    };

    internal override void Validate()
    {
        base.Validate();
        if (!Enum.IsDefined(Rule))
        {
            throw Guard.OutOfRange(nameof(Rule), Rule, $"one of {string.Join(", ", Enum.GetNames<AdaptiveMomentumRule>())}");
        }

        Guard.InRange(Coefficient, 0, 1, nameof(Momentum));
        if (Rule == AdaptiveMomentumRule.MatlabHelp && Coefficient == 0)
        {
            throw Guard.OutOfRange(
                nameof(Momentum),
                Coefficient,
                $"above 0 with the rule {Rule}, whose steps are multiplied by it; "
                + $"{nameof(Optimizer)}.{nameof(AdaptiveGradientDescent)} works without momentum");
        }
    }

    internal override int NumbersPerParameter => Step<float>.Memories;

    internal override OptimizerStep<T> CreateStep<T>(int parameters, KernelKind kernel)
    {
        T momentum = T.CreateChecked(Coefficient);
        return Rule switch
        {
            AdaptiveMomentumRule.MatlabCode => ElementwiseStepFactory<T, MatlabStep<T>>.For(new(momentum), parameters, kernel),
            AdaptiveMomentumRule.MatlabHelp => ElementwiseStepFactory<T, Step<T>>.For(new(momentum, momentum), parameters, kernel),
            _ => ElementwiseStepFactory<T, Step<T>>.For(new(momentum, T.One), parameters, kernel),
        };
    }

    /// <summary>Δw ← β Δw + c g, w ← w + Δw.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Move<TSimd, TVector, T>(TVector w, ref TVector last, T momentum, T factor, TVector g)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        last = TSimd.MultiplyAdd(TSimd.Broadcast(momentum), last, TSimd.Multiply(TSimd.Broadcast(factor), g));
        return TSimd.Add(w, last);
    }

    /// <summary>Δw ← β Δw − η c g for a factor c. Remembers Δw.</summary>
    private struct Step<T>(T momentum, T gradientFactor) : IElementwiseOptimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private T _factor;

        public static int Memories => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Prepare(T learningRate, ReadOnlySpan<double> numbers) => _factor = -learningRate * gradientFactor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => Move<TSimd, TVector, T>(w, ref first, momentum, _factor, g);
    }

    /// <summary>Δw ← β Δw − η (1 − β) g, and −η g if Δw is 0 because there was no step before. Remembers Δw and counts the steps.</summary>
    private struct MatlabStep<T>(T momentum) : IElementwiseOptimizer<T>, ICountingOptimizer
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private T _factor;

        public static int Memories => 1;

        public readonly int Numbers => 1;

        public readonly void Begin(Span<double> numbers, double loss) => numbers[0]++;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Prepare(T learningRate, ReadOnlySpan<double> numbers) =>
            _factor = numbers[0] > 1 ? -learningRate * (T.One - momentum) : -learningRate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => Move<TSimd, TVector, T>(w, ref first, momentum, _factor, g);
    }
}
