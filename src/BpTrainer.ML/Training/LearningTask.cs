using BpTrainer.Losses;

namespace BpTrainer.ML.Training;

/// <summary>
/// What is to be learned: the outputs of the network, their activation, the error to make small, and the target of a label.
/// </summary>
/// <param name="Outputs">The number of outputs.</param>
/// <param name="OutputActivation">The activation of the output layer.</param>
/// <param name="Loss">The error that training makes small, without class weights.</param>
/// <param name="Classes">The number of classes that labels 0, 1, 2, … tell apart, or 0 for a regression.</param>
/// <param name="ClassWeights">How much each class counts, or none for equal weights.</param>
internal sealed record LearningTask(int Outputs, Activation OutputActivation, Loss Loss, int Classes, ClassWeights? ClassWeights = null)
{
    public bool IsClassification => Classes > 0;

    /// <summary>Whether labels are counts or rates, which are not negative.</summary>
    public bool Counts => Loss == Loss.Poisson;

    /// <summary>Poisson takes the exponential function, its log link, so that predictions are rates; every other loss is linear.</summary>
    public static LearningTask Regression(int outputs, Loss loss) =>
        new(outputs, loss == Loss.Poisson ? Activation.Exponential : Activation.Linear, loss, Classes: 0);

    /// <summary>Quantiles of one label, which the output layer keeps in order.</summary>
    public static LearningTask Quantiles(double[] taus) =>
        new(taus.Length, Activation.CumulativeSoftplus, Loss.Quantiles(taus), Classes: 0);

    public static LearningTask Binary(double labelSmoothing, ClassWeights? weights) =>
        new(1, Activation.Logistic, Loss.BinaryCrossEntropy(labelSmoothing), Classes: 2, weights);

    public static LearningTask Multiclass(int classes, double labelSmoothing, ClassWeights? weights) =>
        new(classes, Activation.Softmax, Loss.CategoricalCrossEntropy(labelSmoothing), classes, weights);

    /// <summary>
    /// Writes the targets of a row: 1 for the label's class and 0 for the others if there are several classes, the label itself for each of
    /// several quantiles, else the labels as they are.
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

    /// <summary>The index of the class that has these targets.</summary>
    public int ClassOf(ReadOnlySpan<float> targets) => Outputs == 1 ? (int)targets[0] : targets.IndexOf(1f);

    /// <summary>The error to make small, with the weights of the classes.</summary>
    /// <param name="means">The mean of every target over the training rows; of a class it is the share of rows that belong to it.</param>
    public Loss LossFor(ReadOnlySpan<double> means) => ClassWeights is null
        ? Loss
        : (CrossEntropyLoss)Loss with { ClassWeights = new(ClassWeights.For(Outputs == 1 ? [1 - means[0], means[0]] : means)) };

    /// <summary>The scaling of the targets, which prediction inverts; none for a classification.</summary>
    /// <param name="standard">What takes the targets of the training rows to mean 0 and standard deviation 1.</param>
    public ColumnScaling? TargetScaling(ColumnScaling standard)
    {
        if (!Counts)
        {
            return IsClassification ? null : standard;
        }

        // The Poisson loss allows a unit to be chosen, but no shift of 0: the mean becomes 1, which is where e^0 starts.
        var scales = new double[Outputs];
        for (int c = 0; c < scales.Length; c++)
        {
            scales[c] = standard.Offsets[c] > 0 ? 1 / standard.Offsets[c] : 1;
        }

        return new ColumnScaling(new double[Outputs], scales);
    }
}
