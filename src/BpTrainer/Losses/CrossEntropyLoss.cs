namespace BpTrainer.Losses;

/// <summary>The common parts of the cross-entropies: label smoothing and class weights.</summary>
internal abstract record CrossEntropyLoss(string Name, double LabelSmoothing, ValueList? ClassWeights) : Loss(Name)
{
    private protected sealed override string Parameters => string.Join(", ", new[]
    {
        LabelSmoothing == 0 ? "" : FormattableString.Invariant($"smoothing={LabelSmoothing}"),
        ClassWeights is null ? "" : $"weights={string.Join(':', ClassWeights.Select(w => FormattableString.Invariant($"{w}")))}",
    }.Where(text => text.Length > 0));

    /// <summary>Returns a copy of class weights; throws if there are fewer than two, a weight is negative or not finite, or all are
    /// 0.</summary>
    public static ValueList? Checked(IReadOnlyList<double>? classWeights, [CallerArgumentExpression(nameof(classWeights))] string name = "")
    {
        if (classWeights is null)
        {
            return null;
        }

        var weights = new ValueList(classWeights);
        Guard.Require(weights.Count >= 2, $"{name} has {weights.Count} weights, but must have one for each of two or more classes.", name);

        foreach (double weight in weights)
        {
            Guard.Require(
                weight >= 0 && double.IsFinite(weight), $"{name} has the weight {weight}, but each must be finite and not negative.", name);
        }

        Guard.Require(weights.Any(weight => weight > 0), $"{name} are all 0; at least one class must count.", name);
        return weights;
    }

    /// <summary>Throws if the outputs are not probabilities, or the number of classes is not the number of weights.</summary>
    private protected void CheckOutput(LayerSpec output, int classes)
    {
        Guard.Require(
            output.Activation.YieldsProbabilities,
            $"The loss {Name} takes logarithms of the outputs and needs them between 0 and 1, "
            + $"but the output layer is {output.Activation}: use logistic or softmax.");

        Guard.Require(
            ClassWeights is null || ClassWeights.Count == classes,
            $"{nameof(ClassWeights)} of the loss {Name} has {ClassWeights?.Count} weights, but there are {classes} classes.");
    }
}

/// <summary>−Σ w (y ln a + (1 − y) ln(1 − a)) with w = (1 − y)w₀ + y w₁. Label smoothing makes a target (1 − ε)y + ε/2.</summary>
internal sealed record BinaryCrossEntropyLoss(double LabelSmoothing, ValueList? ClassWeights)
    : CrossEntropyLoss("binary-cross-entropy", LabelSmoothing, ClassWeights)
{
    internal override LossFunction<T> CreateFunction<T>(LayerSpec output)
    {
        CheckOutput(output, classes: 2);
        var targets = new Targets<T>(this);
        return output.Activation == Activation.Logistic
            ? new OutputLossFunction<T, FromNetInput<T>>(new FromNetInput<T>(targets), isMatched: true)
            : new OutputLossFunction<T, FromOutput<T>>(new FromOutput<T>(targets), isMatched: false);
    }

    private readonly struct Targets<T>(BinaryCrossEntropyLoss loss) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _keep = T.CreateTruncating(1 - loss.LabelSmoothing);
        private readonly T _share = T.CreateTruncating(loss.LabelSmoothing / 2);
        private readonly T _weightOf0 = T.CreateTruncating(loss.ClassWeights?[0] ?? 1);
        private readonly T _weightOf1 = T.CreateTruncating(loss.ClassWeights?[1] ?? 1);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Smoothed(T y) => (_keep * y) + _share;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Weight(T y) => _weightOf0 + (y * (_weightOf1 - _weightOf0));
    }

    /// <summary>
    /// After the logistic function: with a = 1 / (1 + e^(−z)) the loss is max(z, 0) − yz + ln(1 + e^(−|z|)), finite for every z, and ∂L/∂z
    /// = a − y.
    /// </summary>
    private readonly struct FromNetInput<T>(Targets<T> targets) : IOutputLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T z, T a, T y, out T delta)
        {
            T weight = targets.Weight(y);
            y = targets.Smoothed(y);
            delta = weight * (a - y);
            return weight * (T.Max(z, T.Zero) - (z * y) + T.LogP1(T.Exp(-T.Abs(z))));
        }
    }

    /// <summary>After any other output in (0, 1): ∂L/∂a = (1 − y)/(1 − a) − y/a.</summary>
    private readonly struct FromOutput<T>(Targets<T> targets) : IOutputLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T z, T a, T y, out T delta)
        {
            T weight = targets.Weight(y);
            y = targets.Smoothed(y);
            a = Rounding.KeepProbability(a);
            delta = weight * (((T.One - y) / (T.One - a)) - (y / a));
            return -weight * ((y * T.Log(a)) + ((T.One - y) * T.LogP1(-a)));
        }
    }
}

/// <summary>−w Σ y ln a with w = Σ yₖ wₖ. Label smoothing makes a target (1 − ε)y + ε/K, with K classes.</summary>
internal sealed record CategoricalCrossEntropyLoss(double LabelSmoothing, ValueList? ClassWeights)
    : CrossEntropyLoss("categorical-cross-entropy", LabelSmoothing, ClassWeights)
{
    internal override LossFunction<T> CreateFunction<T>(LayerSpec output)
    {
        CheckOutput(output, classes: output.Units);
        var targets = new Targets<T>(this, output.Units);
        return output.Activation == Activation.Softmax
            ? new LossFunction<T, FromNetInput<T>>(new FromNetInput<T>(targets), isMatched: true)
            : new LossFunction<T, FromOutput<T>>(new FromOutput<T>(targets), isMatched: false);
    }

    private readonly unsafe struct Targets<T>(CategoricalCrossEntropyLoss loss, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _keep = T.CreateTruncating(1 - loss.LabelSmoothing);
        private readonly T _share = T.CreateTruncating(loss.LabelSmoothing / classes);
        private readonly T[]? _weights = loss.ClassWeights?.Select(T.CreateTruncating).ToArray();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Smoothed(T y) => (_keep * y) + _share;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Weight(T* target)
        {
            if (_weights is null)
            {
                return T.One;
            }

            T weight = T.Zero;
            for (int c = 0; c < _weights.Length; c++)
            {
                weight += target[c] * _weights[c];
            }

            return weight;
        }
    }

    /// <summary>
    /// After softmax: ln aₖ = zₖ − l with l = ln Σⱼ e^zⱼ, so the loss is Σ yₖ (l − zₖ), finite for every z, and ∂L/∂z = a Σy − y, which is
    /// a − y for targets that sum to 1. The largest output j gives l = zⱼ − ln aⱼ.
    /// </summary>
    private readonly unsafe struct FromNetInput<T>(Targets<T> targets) : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            int largest = 0;
            T total = targets.Smoothed(target[0]);
            for (int c = 1; c < columns; c++)
            {
                largest = netInput[c] > netInput[largest] ? c : largest;
                total += targets.Smoothed(target[c]);
            }

            T weight = targets.Weight(target);
            T logSum = netInput[largest] - T.Log(output[largest]);
            T loss = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T y = targets.Smoothed(target[c]);
                loss += y * (logSum - netInput[c]);
                delta[c] = weight * ((total * output[c]) - y);
            }

            return weight * loss;
        }
    }

    /// <summary>After any other output in (0, 1): ∂L/∂a = −y/a.</summary>
    private readonly unsafe struct FromOutput<T>(Targets<T> targets) : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T weight = targets.Weight(target);
            T loss = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T y = targets.Smoothed(target[c]);
                T a = Rounding.KeepProbability(output[c]);
                loss -= y * T.Log(a);
                delta[c] = -weight * y / a;
            }

            return weight * loss;
        }
    }
}
