namespace BpTrainer.Examples;

/// <summary>What is predicted: a number, one of two classes, or one of several classes.</summary>
internal enum LearningTask
{
    Regression,
    Binary,
    Multiclass,
}
