using System.Globalization;

namespace BpTrainer.Losses;

/// <summary>½ Σ (y − a)² with ∂/∂a = a − y, or (1/m) Σ (y − a)² with ∂/∂a = (2/m)(a − y).</summary>
internal sealed record SquaredErrorLoss(string Text, bool IsMean) : Loss(Text)
{
    internal override LossFunction<T> CreateFunction<T>(LayerSpec output) => new OutputLossFunction<T, OfOutput<T>>(
        new OfOutput<T>(IsMean ? T.CreateTruncating(2.0 / output.Units) : T.One), isMatched: output.Activation == Activation.Linear);

    private readonly struct OfOutput<T>(T slope) : IOutputLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T z, T a, T y, out T delta)
        {
            T error = a - y;
            delta = slope * error;
            return slope * (error * error) * T.CreateTruncating(0.5);
        }
    }
}

/// <summary>(1/m) Σ |y − a| with ∂/∂a = sign(a − y) / m, 0 where a = y.</summary>
internal sealed record AbsoluteErrorLoss() : Loss("mean-absolute-error")
{
    internal override LossFunction<T> CreateFunction<T>(LayerSpec output) => new OutputLossFunction<T, OfOutput<T>>(
        new OfOutput<T>(T.CreateTruncating(1.0 / output.Units)), isMatched: output.Activation == Activation.Linear);

    private readonly struct OfOutput<T>(T slope) : IOutputLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T z, T a, T y, out T delta)
        {
            T error = a - y;
            delta = error > T.Zero ? slope : error < T.Zero ? -slope : error;
            return slope * T.Abs(error);
        }
    }
}

/// <summary>With e = a − y and c = e limited to [−δ, δ]: Σ c(e − ½c), which is ½e² inside and δ(|e| − ½δ) outside; ∂/∂a = c.</summary>
internal sealed record HuberLoss(double Delta) : Loss("huber")
{
    private protected override string Parameters => FormattableString.Invariant($"delta={Delta}");

    internal override LossFunction<T> CreateFunction<T>(LayerSpec output) => new OutputLossFunction<T, OfOutput<T>>(
        new OfOutput<T>(T.CreateTruncating(Delta)), isMatched: output.Activation == Activation.Linear);

    private readonly struct OfOutput<T>(T limit) : IOutputLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T z, T a, T y, out T delta)
        {
            T error = a - y;
            delta = T.Min(T.Max(error, -limit), limit);
            return delta * (error - (T.CreateTruncating(0.5) * delta));
        }
    }
}

/// <summary>With e = y − a: (1/m) Σ max(τe, (τ − 1)e); ∂/∂a = −τ/m where e &gt; 0, (1 − τ)/m where e &lt; 0, 0 where a = y.</summary>
internal sealed record QuantileLoss(double Tau) : Loss("quantile")
{
    private protected override string Parameters => FormattableString.Invariant($"tau={Tau}");

    /// <summary>The same quantile for each of the outputs.</summary>
    internal override LossFunction<T> CreateFunction<T>(LayerSpec output) =>
        new QuantilesLoss(new ValueList(Enumerable.Repeat(Tau, output.Units))).CreateFunction<T>(output);
}

/// <summary>
/// With e = yⱼ − aⱼ: (1/m) Σⱼ max(τⱼe, (τⱼ − 1)e), with a separate share τⱼ for each of the m outputs; the derivatives are as for one
/// quantile.
/// </summary>
internal sealed record QuantilesLoss(ValueList Taus) : Loss("quantiles")
{
    private protected override string Parameters => string.Join(';', Taus.Select(tau => tau.ToString(CultureInfo.InvariantCulture)));

    internal override LossFunction<T> CreateFunction<T>(LayerSpec output) => output.Units == Taus.Count
        ? new LossFunction<T, Row<T>>(new Row<T>(Taus), isMatched: output.Activation == Activation.Linear)
        : throw new ArgumentException(
            $"The loss {this} has {Taus.Count} quantiles, but the network has {output.Units} outputs: each needs one.");

    private readonly unsafe struct Row<T>(ValueList taus) : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _tooLow = [.. taus.Select(tau => T.CreateTruncating(-tau / taus.Count))];
        private readonly T[] _tooHigh = [.. taus.Select(tau => T.CreateTruncating((1 - tau) / taus.Count))];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                // 0 and NaN are on neither side and stay unchanged.
                T error = output[c] - target[c];
                T slope = error > T.Zero ? _tooHigh[c] : error < T.Zero ? _tooLow[c] : error;
                sum += slope * error;
                delta[c] = slope;
            }

            return sum;
        }
    }
}

/// <summary>Σ (a − y + y ln(y / a)) with 0 ln 0 = 0, which is Σ a for targets of 0.</summary>
internal sealed record PoissonLoss() : Loss("poisson")
{
    internal override LossFunction<T> CreateFunction<T>(LayerSpec output)
    {
        Guard.Require(
            output.Activation.YieldsPositive,
            $"The loss {this} takes logarithms of the outputs and needs them above 0, "
            + $"but the output layer is {output.Activation}: use exponential or softplus.");

        bool isMatched = output.Activation == Activation.Exponential;
        return new OutputLossFunction<T, OfOutput<T>>(new OfOutput<T>(isMatched), isMatched);
    }

    internal override void CheckTargets(ColumnScaling? scaling)
    {
        for (int c = 0; scaling is not null && c < scaling.Columns; c++)
        {
            Guard.Require(
                scaling.Offsets[c] == 0 && scaling.Scales[c] > 0,
                $"The loss {this} needs targets of 0 or more, but in the output scaling column {c} has the offset "
                + $"{scaling.Offsets[c]} and the scale {scaling.Scales[c]}: the offset must be 0 and the scale above 0.");
        }
    }

    /// <summary>y ln y; 0 for 0, NaN for a negative number.</summary>
    private static T Entropy<T>(T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => y == T.Zero ? T.Zero : y * T.Log(y);

    /// <summary>
    /// After the exponential function, ln a = z, which is finite where a rounds to 0, and ∂L/∂z = a − y. After any other output, ∂L/∂a = 1
    /// − y/a.
    /// </summary>
    private readonly struct OfOutput<T>(bool isMatched) : IOutputLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T z, T a, T y, out T delta)
        {
            a = isMatched ? a : Rounding.KeepPositive(a);
            delta = isMatched ? a - y : T.One - (y / a);
            return a - y + (Entropy(y) - (y * (isMatched ? z : T.Log(a))));
        }
    }
}
