using BpTrainer.Losses;
using BpTrainer.Scalings;

namespace BpTrainer.ML.Training;

/// <summary>
/// What is to be learned: the outputs of the network, their activation, the loss without class weights, and the number of classes that
/// labels 0, 1, 2, … tell apart, or 0 for a regression.
/// </summary>
internal sealed record LearningTask(int Outputs, Activation OutputActivation, Loss Loss, int Classes, ClassWeights? ClassWeights = null)
{
    public bool IsClassification => Classes > 0;

    /// <summary>The number of labels of a row: one for a class or for several quantiles of a number.</summary>
    public int Labels => IsClassification || Loss is QuantilesLoss ? 1 : Outputs;

    /// <summary>Whether labels are counts or rates, which are not negative.</summary>
    public bool Counts => Loss == Loss.Poisson;

    /// <summary>Poisson takes the exponential function, its log link, so that predictions are rates; every other loss is linear.</summary>
    public static LearningTask Regression(int outputs, Loss loss) =>
        new(outputs, loss == Loss.Poisson ? Activation.Exponential : Activation.Linear, loss, Classes: 0);

    /// <summary>Throws when a loss is missing or is not one for numbers.</summary>
    public static void CheckRegression(IExceptionContext context, Loss? loss)
    {
        context.CheckUserArg(loss is not null, nameof(Loss), "is null.");
        BackPropagationOptions.CheckRange(
            context,
            loss is not CrossEntropyLoss,
            nameof(Loss),
            $"is {loss}, which is for classes, but must be one for numbers: squared, absolute, Huber, quantile or Poisson.");
    }

    /// <summary>Quantiles of one label, which the output layer keeps in order.</summary>
    public static LearningTask Quantiles(double[] taus) =>
        new(taus.Length, Activation.CumulativeSoftplus, Loss.Quantiles(taus), Classes: 0);

    public static LearningTask Binary(double labelSmoothing, ClassWeights? weights) =>
        new(1, Activation.Logistic, Loss.BinaryCrossEntropy(labelSmoothing), Classes: 2, weights);

    public static LearningTask Multiclass(int classes, double labelSmoothing, ClassWeights? weights) =>
        new(classes, Activation.Softmax, Loss.CategoricalCrossEntropy(labelSmoothing), classes, weights);

    /// <summary>
    /// Writes the targets of a row: 1 for the class of the label and 0 for the others if there are more than two classes, the label for
    /// each of several quantiles, else the labels as they are.
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

    /// <summary>The targets of rows with these labels; the labels themselves where nothing changes.</summary>
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

    /// <summary>The loss with the weights of the classes, of which the means of the targets are the shares.</summary>
    public Loss LossFor(ReadOnlySpan<double> means) => ClassWeights is null
        ? Loss
        : (CrossEntropyLoss)Loss with { ClassWeights = new(ClassWeights.For(Outputs == 1 ? [1 - means[0], means[0]] : means)) };

    /// <summary>The scaling of the targets, given their statistics; null for none.</summary>
    public ColumnScaling? TargetScaling(ColumnStatistics targets)
    {
        if (!Counts)
        {
            return IsClassification ? null : targets.Standardize<float>();
        }

        // The Poisson loss allows a change of the unit, but no shift: the mean becomes 1, which is where e^0 starts.
        return new ColumnScaling(
            new double[Outputs], Array.ConvertAll(targets.Means.ToArray(), mean => mean > 0 ? 1 / mean : 1));
    }
}
