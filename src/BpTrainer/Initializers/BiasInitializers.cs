namespace BpTrainer.Initializers;

/// <summary>
/// The weights of another initializer with other biases: one for each unit, trained or frozen, or a single one if the units share it.
/// </summary>
internal abstract record BiasInitializer(Initializer Weights) : Initializer
{
    private protected sealed override Initializer WithoutBiases => Weights;

    internal override bool IsForOneShape => Weights.IsForOneShape;

    internal sealed override void Fill<T>(Layer<T> layer, RandomStream random)
    {
        Weights.Fill(layer, random);
        Check(layer.Outputs, layer.Bias);
        int biases = layer.Bias == BiasKind.Shared ? 1 : layer.Outputs;
        for (int o = 0; o < biases; o++)
        {
            layer.SetBias(o, T.CreateChecked(Bias(random, o, layer.Inputs)));
        }
    }

    /// <summary>Throws if the biases do not fit a layer with this number of units.</summary>
    private protected virtual void Check(int units, BiasKind kind)
    {
    }

    private protected abstract double Bias(RandomStream random, int unit, int inputs);
}

internal sealed record ZeroBiases(Initializer Weights) : BiasInitializer(Weights)
{
    private protected override double Bias(RandomStream random, int unit, int inputs) => 0;
}

/// <summary>Uniform in [−range, range]; without a range, it is 1 / √inputs.</summary>
internal sealed record UniformBiases(Initializer Weights, double? Range) : BiasInitializer(Weights)
{
    private protected override double Bias(RandomStream random, int unit, int inputs) =>
        ((2 * random.NextDouble()) - 1) * (Range ?? (1 / Math.Sqrt(inputs)));
}

internal sealed record NormalBiases(Initializer Weights, double Sigma) : BiasInitializer(Weights)
{
    private protected override double Bias(RandomStream random, int unit, int inputs) => random.NextNormal() * Sigma;
}

/// <summary>One bias for each unit, or one for all.</summary>
internal sealed record GivenBiases(Initializer Weights, ValueList Values) : BiasInitializer(Weights)
{
    /// <summary>Throws unless there is a bias and all are finite.</summary>
    public static ValueList Checked(ReadOnlySpan<double> biases)
    {
        Guard.Require(!biases.IsEmpty, $"{nameof(biases)} is empty; give one bias for all units, or one for each.", nameof(biases));
        for (int o = 0; o < biases.Length; o++)
        {
            Guard.Require(double.IsFinite(biases[o]), $"The bias of output {o} is {biases[o]}, but must be finite.", nameof(biases));
        }

        return new ValueList(biases.ToArray());
    }

    /// <summary>Throws unless there is one bias for each unit; if the units share a bias, all must be the same.</summary>
    public static void Check(ValueList biases, int units, BiasKind kind)
    {
        Guard.Require(biases.Count == units, $"There are {biases.Count} initial biases, but the layer has {units} outputs.");
        Guard.Require(
            kind != BiasKind.Shared || biases.All(bias => bias == biases[0]),
            "The initial biases differ, but the outputs of the layer share one bias.");
    }

    internal override bool IsForOneShape => Values.Count > 1 || base.IsForOneShape;

    private protected override void Check(int units, BiasKind kind)
    {
        if (Values.Count > 1)
        {
            Check(Values, units, kind);
        }
    }

    private protected override double Bias(RandomStream random, int unit, int inputs) => Values[Values.Count == 1 ? 0 : unit];
}
