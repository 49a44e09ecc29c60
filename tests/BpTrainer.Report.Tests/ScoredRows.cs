namespace BpTrainer.Report.Tests;

/// <summary>A row as a binary classification scores it.</summary>
public sealed class BinaryRow
{
    public bool Label { get; set; }

    public float Score { get; set; }

    public float Probability { get; set; }

    public bool PredictedLabel { get; set; }
}

/// <summary>A row as a regression scores it.</summary>
public sealed class RegressionRow
{
    public float Label { get; set; }

    public float Score { get; set; }
}
