using BpTrainer.Examples.Compare;
using BpTrainer.ML;

namespace BpTrainer.Benchmarks;

/// <summary>Our trainer with options that differ in one thing from a preset.</summary>
/// <param name="Name">What the command line and the report call it.</param>
/// <param name="Preset">The options to start from.</param>
/// <param name="Change">What is different; null for nothing.</param>
internal sealed record Variant(string Name, Preset Preset, Action<BackPropagationOptions>? Change = null)
{
    /// <summary>The default one of momentum.</summary>
    private static readonly Regularization s_regularization = new() { WeightDecay = 0.02, ClipNorm = 1 };

    private static readonly LayerSpec s_zeroBiases = new(128, Activation.ReLU) { Initializer = Initializer.He };

    /// <summary>All variants: those of one network, then those of ensembles.</summary>
    public static readonly IReadOnlyList<Variant> All =
    [
        new("fast", Preset.Fast),
        Fast("no-codes", o => o.FeatureEncoding = FeatureEncoding.None),
        Fast(
            "no-codes-relu",
            o => (o.FeatureEncoding, o.HiddenLayers) = (FeatureEncoding.None, HiddenLayers.Of(Activation.ReLU, 128, 128))),
        Fast("8-bins", o => o.FeatureEncoding = FeatureEncoding.PiecewiseLinear(8)),
        Fast("32-bins", o => o.FeatureEncoding = FeatureEncoding.PiecewiseLinear(32)),
        Fast("plain-standardization", o => o.FeatureScaling = Scaling.Limit),
        Fast("tanh", o => o.HiddenLayers = HiddenLayers.Of(Activation.Tanh, 128, 128)),
        Fast("silu", o => o.HiddenLayers = HiddenLayers.Of(Activation.SiLU, 128, 128)),
        Fast("128", o => o.HiddenLayers = [128]),
        Fast("64x64", o => o.HiddenLayers = [64, 64]),
        Fast("256x256", o => o.HiddenLayers = [256, 256]),
        Fast("zero-biases", o => o.HiddenLayers = [s_zeroBiases, s_zeroBiases]),
        Fast("glorot-output", o => o.OutputInitializer = Initializer.Glorot),
        Fast("rate-.01", o => o.Optimizer = Optimizer.Momentum(0.01)),
        Fast("rate-.1", o => o.Optimizer = Optimizer.Momentum(0.1)),
        Fast("nesterov", o => o.Optimizer = Optimizer.Nesterov(0.03)),
        Fast("adam", o => o.Optimizer = Optimizer.Adam(0.001)),
        Fast("constant-rate", o => o.Schedule = LearningRateSchedule.Constant),
        Fast("no-decay", o => o.Regularization = s_regularization with { WeightDecay = 0 }),
        Fast("decay-.05", o => o.Regularization = s_regularization with { WeightDecay = 0.05 }),
        Fast("no-clipping", o => o.Regularization = s_regularization with { ClipNorm = null }),
        Fast("dropout-.1", o => o.Regularization = s_regularization with { HiddenDropout = [0.1] }),
        Fast("50-epochs", o => o.NumberOfEpochs = 50),
        Fast("100-epochs", o => o.NumberOfEpochs = 100),
        Fast("validation-.1", o => o.ValidationFraction = 0.1),
        Fast("validation-.2", o => o.ValidationFraction = 0.2),

        Ensemble("8-networks", 8, FeatureEncoding.Auto),
        Ensemble("2-networks", 2, FeatureEncoding.Auto),
        Ensemble("4-networks", 4, FeatureEncoding.Auto),
        Ensemble("8-networks-codes", 8, FeatureEncoding.PiecewiseLinear()),
        Ensemble("8-networks-no-codes", 8, FeatureEncoding.None),
        new(
            "8-networks-decay-.05",
            Preset.Default,
            o => (o.Ensemble, o.Regularization) = (8, s_regularization with { WeightDecay = 0.05 })),
    ];

    /// <summary>The variant as a trainer of the comparison.</summary>
    public Contender For(LearningTask task) => MLNetContender.Ours(task, Name, Preset, Change);

    private static Variant Fast(string name, Action<BackPropagationOptions> change) => new(name, Preset.Fast, change);

    private static Variant Ensemble(string name, int size, FeatureEncoding encoding) =>
        new(name, Preset.Default, o => (o.Ensemble, o.FeatureEncoding) = (size, encoding));
}
