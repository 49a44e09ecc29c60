namespace BpTrainer.Tests.Regularizing;

/// <summary>Penalties, decay, clipping and bounds against their formulas, one step of gradient descent at a time.</summary>
public class RegularizationTests
{
    private const double Rate = 0.1;
    private static readonly DataSet<double> s_data = Samples.Random<double>(2, rows: 9, inputs: 3, targets: 2);

    [Fact]
    public void PenaltiesAddTheirSlopeToTheGradientOfWeightsOnly()
    {
        var options = new Regularization { L1 = 0.03, L2 = 0.7 };
        AssertStep(options, (p, w, g) => p.Input < 0 ? g : g + (0.03 * Math.Sign(w)) + (0.7 * w));
    }

    [Fact]
    public void TheSlopeOfThePenaltyIsRightByDifferences()
    {
        const double H = 1e-6;
        var options = new Regularization { L1 = 0.03, L2 = 0.7 };
        Network<double> network = Start();
        foreach (Parameter parameter in Parameter.All(network))
        {
            double w = parameter.Get(network);
            double slope = parameter.Input < 0 ? 0 : (0.03 * Math.Sign(w)) + (0.7 * w);
            Network<double> moved = network.Clone();
            parameter.Set(moved, w + H);
            double above = options.Penalty(moved);
            parameter.Set(moved, w - H);
            Close.Absolute(slope, (above - options.Penalty(moved)) / (2 * H), 1e-7, parameter.ToString());
        }
    }

    [Fact]
    public void AWeightOfZeroFeelsNoPenalty()
    {
        Network<double> network = Networks.OneWeight(0);
        network.Train(Options(new Regularization { L1 = 5 }), Samples.Pairs((1, 0)));
        Assert.Equal(0, network.Weight());
    }

    [Fact]
    public void DecayShrinksWeightsBeforeTheStep()
    {
        Network<double> before = Start();
        Network<double> after = Train(before, new Regularization { WeightDecay = 0.5 });
        foreach ((Parameter parameter, double gradient) in Gradients(before))
        {
            double w = parameter.Get(before) * (parameter.Input < 0 ? 1 : 1 - (Rate * 0.5));
            Close.Absolute(w - (Rate * gradient), parameter.Get(after), 1e-14, parameter.ToString());
        }
    }

    [Fact]
    public void ValuesAreCutOffAtTheBound()
    {
        double bound = Gradients(Start()).Select(g => Math.Abs(g.Gradient)).Order().ElementAt(10);
        AssertStep(new Regularization { ClipValue = bound }, (_, _, g) => Math.Clamp(g, -bound, bound));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    public void AGradientIsScaledDownToTheNormAndNeverUp(double share)
    {
        double norm = Math.Sqrt(Gradients(Start()).Sum(g => g.Gradient * g.Gradient));
        AssertStep(new Regularization { ClipNorm = share * norm }, (_, _, g) => g * Math.Min(1, share));
    }

    [Fact]
    public void ASharedBiasCountsOnceInTheNorm()
    {
        const double Bound = 0.01;
        Network<double> before = Networks.Random<double>(7, 3, new LayerSpec(2, Activation.Linear) { Bias = BiasKind.Shared });
        before.Layers[0].SetBias(0, 3);
        Network<double> after = Train(before, new Regularization { ClipNorm = Bound });
        double squares = Parameter.Trained(before).Sum(p => Math.Pow(p.Get(after) - p.Get(before), 2));
        Close.Relative(Rate * Bound, Math.Sqrt(squares), 1e-12);
    }

    [Fact]
    public void WeightsIntoAUnitKeepToTheNorm()
    {
        const double Bound = 0.6;
        Network<double> before = Start();
        Network<double> free = Train(before, new Regularization());
        Network<double> bound = Train(before, new Regularization { MaxNorm = Bound });
        int shrunk = 0;
        foreach ((Layer<double> expected, Layer<double> actual) in free.Layers.Zip(bound.Layers))
        {
            for (int o = 0; o < expected.Outputs; o++)
            {
                double norm = Math.Sqrt(Enumerable.Range(0, expected.Inputs).Sum(i => expected.GetWeight(i, o) * expected.GetWeight(i, o)));
                double factor = norm > Bound ? Bound / norm : 1;
                shrunk += factor < 1 ? 1 : 0;
                for (int i = 0; i < expected.Inputs; i++)
                {
                    Close.Absolute(factor * expected.GetWeight(i, o), actual.GetWeight(i, o), 1e-14);
                }

                Assert.Equal(expected.GetBias(o), actual.GetBias(o));
            }
        }

        Assert.InRange(shrunk, 1, 12);
    }

    [Fact]
    public void ASlicedBatchIsRegularizedOnce()
    {
        DataSet<double> large = Samples.Random<double>(3, rows: 1200, inputs: 3, targets: 2);
        var options = new Regularization { L1 = 0.03, L2 = 0.7, WeightDecay = 0.1, ClipNorm = 0.5, ClipValue = 0.4 };
        Network<double> start = Start();
        Network<double> sliced = start.Clone();
        sliced.Train(Options(options), large);
        double[] expected = Stepped(start, options, Gradient.Computed(start, Loss.HalfSquaredError, large));
        foreach ((Parameter parameter, double value) in Parameter.Trained(start).Zip(expected))
        {
            Close.Absolute(value, parameter.Get(sliced), 1e-12, parameter.ToString());
        }
    }

    [Fact]
    public void IncrementalLearningIsRegularizedToo()
    {
        Network<double> network = Networks.OneWeight(2);

        // One sample at a time: g = (w − 1) + ½w; two steps from 2 with η = 0.1: 2 − 0.1·2 = 1.8, 1.8 − 0.1·1.7 = 1.63.
        network.Train(
            Training.Incremental(Rate, epochs: 1) with { Regularization = new Regularization { L2 = 0.5 } }, Samples.Pairs((1, 1), (1, 1)));
        Close.Absolute(1.63, network.Weight(), 1e-14);
    }

    [Theory]
    [InlineData(nameof(Regularization.L1), -0.1)]
    [InlineData(nameof(Regularization.L2), double.NaN)]
    [InlineData(nameof(Regularization.WeightDecay), double.PositiveInfinity)]
    [InlineData(nameof(Regularization.MaxNorm), 0)]
    [InlineData(nameof(Regularization.ClipNorm), -1)]
    [InlineData(nameof(Regularization.ClipValue), double.NaN)]
    public void BadFiguresAreRefusedByName(string option, double value)
    {
        Regularization bad = option switch
        {
            nameof(Regularization.L1) => new() { L1 = value },
            nameof(Regularization.L2) => new() { L2 = value },
            nameof(Regularization.WeightDecay) => new() { WeightDecay = value },
            nameof(Regularization.MaxNorm) => new() { MaxNorm = value },
            nameof(Regularization.ClipNorm) => new() { ClipNorm = value },
            _ => new() { ClipValue = value },
        };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkTrainer<double>(Start(), Options(bad)));
        Assert.StartsWith(FormattableString.Invariant($"{option} is {value}, but must be"), error.Message, StringComparison.Ordinal);
    }

    private static void AssertStep(Regularization options, Func<Parameter, double, double, double> gradientOf)
    {
        Network<double> before = Start();
        Network<double> after = Train(before, options);
        foreach ((Parameter parameter, double gradient) in Gradients(before))
        {
            double w = parameter.Get(before);
            Close.Absolute(w - (Rate * gradientOf(parameter, w, gradient)), parameter.Get(after), 1e-14, parameter.ToString());
        }
    }

    /// <summary>The parameters after one step with penalties, clipping and decay, by the formulas.</summary>
    private static double[] Stepped(Network<double> network, Regularization options, double[] gradients)
    {
        (Parameter Of, double Slope)[] slopes =
        [
            .. Parameter.Trained(network).Zip(gradients).Select(pair =>
            {
                double w = pair.First.Get(network);
                double penalty = pair.First.Input < 0 ? 0 : (options.L1 * Math.Sign(w)) + (options.L2 * w);
                return (pair.First, Math.Clamp(pair.Second + penalty, -options.ClipValue!.Value, options.ClipValue.Value));
            }),
        ];
        double factor = Math.Min(1, options.ClipNorm!.Value / Math.Sqrt(slopes.Sum(s => s.Slope * s.Slope)));
        return [.. slopes.Select(
            s => (s.Of.Get(network) * (s.Of.Input < 0 ? 1 : 1 - (Rate * options.WeightDecay))) - (Rate * factor * s.Slope))];
    }

    private static IEnumerable<(Parameter Of, double Gradient)> Gradients(Network<double> network) =>
        Parameter.Trained(network).Zip(Gradient.Computed(network, Loss.HalfSquaredError, s_data));

    private static Network<double> Train(Network<double> network, Regularization options)
    {
        Network<double> trained = network.Clone();
        trained.Train(Options(options), s_data);
        return trained;
    }

    private static TrainingOptions Options(Regularization regularization) =>
        Training.FullBatch(Rate, epochs: 1) with { Regularization = regularization };

    private static Network<double> Start() => Networks.Random<double>(
        7, 3, new LayerSpec(9, Activation.Tanh), new LayerSpec(2, Activation.Linear));
}
