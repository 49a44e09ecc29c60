using BpTrainer.Losses;
using BpTrainer.Networks;

namespace BpTrainer.ML.Training;

/// <summary>
/// How the outputs of a classification become probabilities. A sigmoid unit with the net input z stands for p = σ(s·z): the logistic
/// function A / (1 + e^(−z/B)), divided by A, with s = 1/B; and tanh with s = 2, because (1 + tanh z) / 2 = σ(2z). The output scaling maps
/// targets of 0 and 1 to the ends of the sigmoid, 0 and A or −1 and 1, and maps outputs back.
/// </summary>
internal static class ProbabilityOutput
{
    /// <summary>The slope s, where s·z is the log-odds; null for units without log-odds, such as those of a softmax.</summary>
    public static double? LogOddsSlope(Activation activation) => activation.Name switch
    {
        "tanh" => 2,
        "logistic" => activation.Parameters is [_, var steepness] ? 1 / steepness : 1,
        _ => null,
    };

    /// <summary>The scaling that maps 0 and 1 to the ends of the sigmoid; null if the ends are 0 and 1.</summary>
    public static ColumnScaling? TargetScaling(Activation activation, int outputs)
    {
        (double offset, double scale) = activation.Name == "tanh" ? (0.5, 2.0) : (0.0, Amplitude(activation));
        double[] All(double figure) => [.. Enumerable.Repeat(figure, outputs)];
        return (offset, scale) == (0.0, 1.0) ? null : new ColumnScaling(All(offset), All(scale));
    }

    /// <summary>
    /// Throws if a loss is not for probabilities or cannot be combined with the output activation. A softmax is for classes that exclude
    /// each other.
    /// </summary>
    public static void Check(IExceptionContext context, Loss? loss, Activation? activation, bool isSoftmax)
    {
        BackPropagationOptions.CheckRange(
            context,
            loss is null or SquaredErrorLoss,
            nameof(Loss),
            $"is {loss}, but must be null for the cross-entropy, or one of {Loss.HalfSquaredError} and {Loss.MeanSquaredError}.");
        if (activation is null)
        {
            return;
        }

        bool isProbability = activation.Name == "logistic" && Amplitude(activation) == 1;
        bool suits = (isSoftmax && activation == Activation.Softmax)
            || (loss is null ? isProbability && !isSoftmax : LogOddsSlope(activation) is not null);
        string right = (isSoftmax, loss is null) switch
        {
            (true, true) => "softmax with the cross-entropy; logistic and tanh need a squared error",
            (true, false) => "softmax, logistic or tanh, whose outputs are probabilities",
            (false, true) => "logistic with the cross-entropy; tanh needs a squared error",
            (false, false) => "logistic or tanh, whose outputs are probabilities",
        };
        BackPropagationOptions.CheckRange(
            context,
            suits,
            nameof(BackPropagationOptions.OutputActivation),
            $"is {activation}, but must be {right}.");
    }

    /// <summary>
    /// Throws if label smoothing or class weights, which are parts of the cross-entropy, are used with another loss.
    /// </summary>
    public static void CheckCrossEntropyOptions(IExceptionContext context, Loss? loss, double labelSmoothing, ClassWeights? weights = null)
    {
        BackPropagationOptions.CheckShare(context, labelSmoothing, "LabelSmoothing");
        BackPropagationOptions.CheckRange(
            context,
            loss is null || labelSmoothing == 0,
            "LabelSmoothing",
            $"is {labelSmoothing}, but must be 0 with the {nameof(Loss)} {loss}: label smoothing is part of the cross-entropy.");
        BackPropagationOptions.CheckRange(
            context,
            loss is null || weights is null,
            nameof(ClassWeights),
            $"is {weights}, but must be null with the {nameof(Loss)} {loss}: class weights are part of the cross-entropy.");
    }

    /// <summary>Throws if the outputs of networks that were read from a file are not probabilities.</summary>
    public static TrainedNetwork CheckLoaded(IExceptionContext context, TrainedNetwork trained, bool isSoftmax)
    {
        foreach (Activation activation in trained.Networks.Append(trained.Network).Select(network => network.Layers[^1].Activation))
        {
            context.CheckDecode(
                LogOddsSlope(activation) is not null || (isSoftmax && activation == Activation.Softmax),
                $"The saved network has {activation} outputs, which are not probabilities.");
        }

        context.CheckDecode(
            trained.Networks.All(network => network.Layers[^1].Activation == trained.Network.Layers[^1].Activation),
            "The saved networks have different output activations.");
        return trained;
    }

    /// <summary>The bias with which a unit whose weights are 0 predicts a probability: log-odds / s, or ln p before a softmax.</summary>
    public static float BiasFor(Activation activation, double probability) => (float)(LogOddsSlope(activation) is { } slope
        ? Math.Log(probability / (1 - probability)) / slope
        : Math.Log(probability));

    private static double Amplitude(Activation activation) =>
        activation is { Name: "logistic", Parameters: [var amplitude, _] } ? amplitude : 1;
}
