using BpTrainer.Losses;
using BpTrainer.Networks;

namespace BpTrainer.ML.Training;

/// <summary>
/// How outputs of a classification are probabilities. A sigmoid unit with the net input z stands for p = σ(s·z): the logistic function
/// A / (1 + e^(−z/B)) with s = 1/B, after division by A, and tanh with s = 2, since (1 + tanh z) / 2 = σ(2z). The scaling of the outputs
/// takes targets of 0 and 1 to the ends of the sigmoid, 0 and A or −1 and 1, and outputs back.
/// </summary>
internal static class ProbabilityOutput
{
    /// <summary>s, where s·z is the log-odds; null for units that have none, such as those of a softmax.</summary>
    public static double? LogOddsSlope(Activation activation) => activation.Name switch
    {
        "tanh" => 2,
        "logistic" => activation.Parameters is [_, var steepness] ? 1 / steepness : 1,
        _ => null,
    };

    /// <summary>What takes 0 and 1 to the ends of the sigmoid; null where these are 0 and 1.</summary>
    public static ColumnScaling? TargetScaling(Activation activation, int outputs)
    {
        (double offset, double scale) = activation.Name == "tanh" ? (0.5, 2.0) : (0.0, Amplitude(activation));
        double[] All(double figure) => [.. Enumerable.Repeat(figure, outputs)];
        return (offset, scale) == (0.0, 1.0) ? null : new ColumnScaling(All(offset), All(scale));
    }

    /// <summary>
    /// Throws when a loss is none for probabilities, or the activation of the outputs does not go with it. A softmax is for classes that
    /// exclude each other.
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
            (true, true) => "softmax with the cross-entropy; logistic and tanh go with a squared error",
            (true, false) => "softmax, logistic or tanh, whose outputs are probabilities",
            (false, true) => "logistic with the cross-entropy; tanh goes with a squared error",
            (false, false) => "logistic or tanh, whose outputs are probabilities",
        };
        BackPropagationOptions.CheckRange(
            context,
            suits,
            nameof(BackPropagationOptions.OutputActivation),
            $"is {activation}, but must be {right}.");
    }

    /// <summary>
    /// Throws when label smoothing or class weights, which are parts of the cross-entropy, are asked for with another loss.
    /// </summary>
    public static void CheckCrossEntropyOptions(IExceptionContext context, Loss? loss, double labelSmoothing, ClassWeights? weights = null)
    {
        BackPropagationOptions.CheckShare(context, labelSmoothing, "LabelSmoothing");
        BackPropagationOptions.CheckRange(
            context,
            loss is null || labelSmoothing == 0,
            "LabelSmoothing",
            $"is {labelSmoothing}, but must be 0 with the {nameof(Loss)} {loss}: it is a part of the cross-entropy.");
        BackPropagationOptions.CheckRange(
            context,
            loss is null || weights is null,
            nameof(ClassWeights),
            $"is {weights}, but must be null with the {nameof(Loss)} {loss}: it is a part of the cross-entropy.");
    }

    /// <summary>Throws when networks that were read from a file do not give probabilities.</summary>
    public static TrainedNetwork CheckLoaded(IExceptionContext context, TrainedNetwork trained, bool isSoftmax)
    {
        foreach (Activation activation in trained.Networks.Append(trained.Network).Select(network => network.Layers[^1].Activation))
        {
            context.CheckDecode(
                LogOddsSlope(activation) is not null || (isSoftmax && activation == Activation.Softmax),
                $"The saved network has {activation} outputs, which are no probabilities.");
        }

        context.CheckDecode(
            trained.Networks.All(network => network.Layers[^1].Activation == trained.Network.Layers[^1].Activation),
            "The saved networks have outputs of different activations.");
        return trained;
    }

    /// <summary>The bias with which a unit without weights gives a probability: log-odds / s, or ln p behind a softmax.</summary>
    public static float BiasFor(Activation activation, double probability) => (float)(LogOddsSlope(activation) is { } slope
        ? Math.Log(probability / (1 - probability)) / slope
        : Math.Log(probability));

    private static double Amplitude(Activation activation) =>
        activation is { Name: "logistic", Parameters: [var amplitude, _] } ? amplitude : 1;
}
