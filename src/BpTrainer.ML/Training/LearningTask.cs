namespace BpTrainer.ML;

/// <summary>
/// What is to be learned: the outputs of the network, their activation, the error to make small, and the target of a label.
/// </summary>
/// <param name="Outputs">The number of outputs.</param>
/// <param name="OutputActivation">The activation of the output layer.</param>
/// <param name="Loss">The error that training makes small.</param>
/// <param name="Classes">The number of classes that labels 0, 1, 2, … tell apart, or 0 for a regression.</param>
internal sealed record LearningTask(int Outputs, Activation OutputActivation, Loss Loss, int Classes)
{
    public static LearningTask Regression { get; } = new(1, Activation.Linear, Loss.HalfSquaredError, 0);

    public static LearningTask Binary { get; } = new(1, Activation.Logistic, Loss.BinaryCrossEntropy, 2);

    public static LearningTask Multiclass(int classes) => new(classes, Activation.Softmax, Loss.CategoricalCrossEntropy, classes);

    public bool IsClassification => Classes > 0;

    /// <summary>The targets of the labels, row after row: the labels themselves for one output, else 1 for the label's class and 0 for the others.</summary>
    public float[] Targets(float[] labels)
    {
        if (Outputs == 1)
        {
            return labels;
        }

        var targets = new float[checked(labels.Length * Outputs)];
        for (int row = 0; row < labels.Length; row++)
        {
            targets[(row * Outputs) + (int)labels[row]] = 1;
        }

        return targets;
    }
}
