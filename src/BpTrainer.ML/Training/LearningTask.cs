using BpTrainer.Files;
using BpTrainer.Losses;
using BpTrainer.Scalings;

namespace BpTrainer.ML.Training;

/// <summary>What is to be learned: the outputs of the network, their activation, and the loss without class weights.</summary>
internal sealed record LearningTask(int Outputs, Activation OutputActivation, Loss Loss)
{
    /// <summary>The number of classes, whose labels are 0, 1, 2, …; 0 if labels are not classes.</summary>
    public int Classes { get; private init; }

    /// <summary>Whether labels are vectors of 0 and 1.</summary>
    public bool IsMultiLabel { get; private init; }

    public bool IsClassification => Classes > 0 || IsMultiLabel;

    private ClassWeights? ClassWeights { get; init; }

    /// <summary>Whether the loss depends on how frequent the classes are in the rows.</summary>
    public bool DependsOnShares => ClassWeights is { Count: null };

    /// <summary>How a regression scales its labels.</summary>
    private Scaling LabelScaling { get; init; } = Scaling.None;

    /// <summary>The number of labels of a row: one for a class or for several quantiles of a number.</summary>
    public int Labels => Classes > 0 || Loss is QuantilesLoss ? 1 : Outputs;

    /// <summary>Whether labels are counts or rates, which are not negative.</summary>
    public bool Counts => Loss == Loss.Poisson;

    /// <summary>
    /// A regression. If no activation is given, Poisson uses the exponential function (its log link), so that predictions are rates, and
    /// every other loss uses a linear output.
    /// </summary>
    public static LearningTask Regression(int outputs, Loss loss, Scaling labels, Activation? output) =>
        new(outputs, output ?? (loss == Loss.Poisson ? Activation.Exponential : Activation.Linear), loss) { LabelScaling = labels };

    /// <summary>Quantiles of one label, which the output layer keeps in order.</summary>
    public static LearningTask Quantiles(double[] taus, Scaling labels) =>
        new(taus.Length, Activation.CumulativeSoftplus, Loss.Quantiles(taus)) { LabelScaling = labels };

    /// <summary>Two classes; the loss is the cross-entropy unless given.</summary>
    public static LearningTask Binary(Loss? loss, Activation? output, double labelSmoothing, ClassWeights? weights) =>
        new(1, output ?? Activation.Logistic, loss ?? Loss.BinaryCrossEntropy(labelSmoothing)) { Classes = 2, ClassWeights = weights };

    /// <summary>Several classes; the loss is the cross-entropy unless given.</summary>
    public static LearningTask Multiclass(int classes, Loss? loss, Activation? output, double labelSmoothing, ClassWeights? weights) =>
        new(classes, output ?? Activation.Softmax, loss ?? Loss.CategoricalCrossEntropy(labelSmoothing))
        {
            Classes = classes,
            ClassWeights = weights,
        };

    /// <summary>Several independent labels that are yes or no; the loss is the binary cross-entropy unless given.</summary>
    public static LearningTask MultiLabel(int labels, Loss? loss, Activation? output, double labelSmoothing) =>
        new(labels, output ?? Activation.Logistic, loss ?? Loss.BinaryCrossEntropy(labelSmoothing)) { IsMultiLabel = true };

    /// <summary>
    /// Throws if the loss of a regression is missing, is not a loss for numbers, or cannot be combined with the scaling of labels.
    /// </summary>
    public static void CheckRegression(IExceptionContext context, Loss? loss, Scaling? labels)
    {
        context.CheckUserArg(loss is not null, nameof(Loss), "is null.");
        BackPropagationOptions.CheckRange(
            context,
            loss is not CrossEntropyLoss,
            nameof(Loss),
            $"is {loss}, which is for classes, but must be one for numbers: squared, absolute, Huber, quantile or Poisson.");
        context.CheckUserArg(labels is not null, nameof(LabelScaling), "is null; Scaling.None leaves labels as they are.");
        BackPropagationOptions.CheckRange(
            context,
            labels != Scaling.Limit,
            nameof(LabelScaling),
            $"is {labels}, which is for features; {Scaling.None} leaves labels as they are.");
        BackPropagationOptions.CheckRange(
            context,
            loss != Loss.Poisson || labels == Scaling.Standardize || labels == Scaling.None,
            nameof(LabelScaling),
            $"is {labels}, but must be {Scaling.Standardize}, a division by the mean, or {Scaling.None}: {loss} allows no shift.");
    }

    /// <summary>
    /// Writes the targets of a row. With more than two classes: 1 for the class of the label and 0 for the others; with several quantiles:
    /// the label for each quantile; otherwise: the labels unchanged.
    /// </summary>
    public void WriteTargets(ReadOnlySpan<float> labels, Span<float> targets)
    {
        if (labels.Length == targets.Length)
        {
            labels.CopyTo(targets);
        }
        else if (IsClassification)
        {
            targets.Clear();
            targets[(int)labels[0]] = 1;
        }
        else
        {
            targets.Fill(labels[0]);
        }
    }

    /// <summary>The targets of rows with these labels; the labels themselves if targets and labels are the same.</summary>
    public ReadOnlyMemory<float> ToTargets(ReadOnlyMemory<float> labels)
    {
        if (Labels == Outputs)
        {
            return labels;
        }

        var targets = new float[labels.Length / Labels * Outputs];
        for (int row = 0; row < targets.Length / Outputs; row++)
        {
            WriteTargets(labels.Span.Slice(row * Labels, Labels), targets.AsSpan(row * Outputs, Outputs));
        }

        return targets;
    }

    /// <summary>Saves how labels are converted to targets, which is sufficient for reading rows.</summary>
    public void Save(BinaryWriter writer)
    {
        // *** Binary format ***
        // int: outputs
        // string: activation of the output
        // the loss, as LossFile of the engine writes it
        // int: classes
        // byte: 1 if labels are vectors of 0 and 1, else 0
        writer.Write(Outputs);
        writer.Write(OutputActivation.ToString());
        LossFile.Write(writer, Loss);
        writer.Write(Classes);
        writer.Write(IsMultiLabel);
    }

    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    public static LearningTask Load(BlockReader reader)
    {
        int outputs = reader.Read("number of outputs", 1, int.MaxValue);
        string activation = reader.ReadText();
        Loss loss = LossFile.Read(reader);
        return new(outputs, reader.Make(() => Activation.Parse(activation)), loss)
        {
            Classes = reader.Read("number of classes", 0, int.MaxValue),
            IsMultiLabel = reader.ReadBoolean("sign of several labels"),
        };
    }

    /// <summary>The loss with class weights. The means of the targets are the shares of the classes.</summary>
    public Loss LossFor(ReadOnlySpan<double> means) => ClassWeights is null
        ? Loss
        : (CrossEntropyLoss)Loss with { ClassWeights = new(ClassWeights.For(Outputs == 1 ? [1 - means[0], means[0]] : means)) };

    /// <summary>The scaling of the targets, given their statistics; null for none.</summary>
    public ColumnScaling? TargetScaling(ColumnStatistics targets)
    {
        if (IsClassification)
        {
            return ProbabilityOutput.TargetScaling(OutputActivation, Outputs);
        }

        if (!Counts || LabelScaling == Scaling.None)
        {
            return LabelScaling.OfTargets(targets);
        }

        // The Poisson loss allows a change of units but no shift: the mean becomes 1, which is e^0, the output at the start.
        return new ColumnScaling(
            new double[Outputs], Array.ConvertAll(targets.Means.ToArray(), mean => mean > 0 ? 1 / mean : 1));
    }
}
