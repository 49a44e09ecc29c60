namespace BpTrainer.Report.Predictions;

/// <summary>Labels and predictions of test rows, in memory. Rows without a label or a finite score are left out and counted.</summary>
/// <param name="LeftOut">The number of rows that were left out.</param>
internal abstract record ScoredRows(int LeftOut)
{
    /// <summary>The number of rows.</summary>
    public abstract int Count { get; }
}

/// <summary>Rows of a regression.</summary>
/// <param name="Actual">The labels.</param>
/// <param name="Predicted">The scores.</param>
/// <param name="LeftOut">The number of rows that were left out.</param>
internal sealed record RegressionRows(IReadOnlyList<double> Actual, IReadOnlyList<double> Predicted, int LeftOut) : ScoredRows(LeftOut)
{
    /// <summary>The feature of each row, if there is one feature.</summary>
    public IReadOnlyList<double>? Feature { get; init; }

    public override int Count => Actual.Count;

    public IEnumerable<double> Errors => Predicted.Zip(Actual, (predicted, actual) => predicted - actual);
}

/// <summary>Rows of classes, two or more.</summary>
/// <param name="Classes">The names of the classes.</param>
/// <param name="Actual">The class of each row, as an index.</param>
/// <param name="Predicted">The predicted class of each row, as an index.</param>
/// <param name="Scores">
/// The scores of each row: one for each class or, with two classes, only that of the second class. They are probabilities unless
/// <paramref name="AreProbabilities"/> is false.
/// </param>
/// <param name="AreProbabilities">Whether the scores are probabilities.</param>
/// <param name="LeftOut">The number of rows that were left out.</param>
internal sealed record ClassRows(
    IReadOnlyList<string> Classes, IReadOnlyList<int> Actual, IReadOnlyList<int> Predicted, IReadOnlyList<float[]> Scores,
    bool AreProbabilities, int LeftOut)
    : ScoredRows(LeftOut)
{
    public override int Count => Actual.Count;

    public bool IsBinary => Classes.Count == 2 && (Count == 0 || Scores[0].Length == 1);

    public double Accuracy => Count == 0 ? double.NaN : Actual.Zip(Predicted).Count(pair => pair.First == pair.Second) / (double)Count;

    /// <summary>The curve of a class against all others; with two classes, the second class is the positive one.</summary>
    public RankingCurve Curve(int ofClass) => RankingCurve.Of(
        [.. Scores.Select(scores => (double)(IsBinary ? scores[0] : scores[ofClass]))], [.. Actual.Select(actual => actual == ofClass)]);

    /// <summary>
    /// The reliability of the probabilities: with two classes that of the second class, with more classes that of the predicted class.
    /// </summary>
    public IReadOnlyList<ReliabilityBin> Reliability() => IsBinary
        ? ReliabilityBins.Of([.. Scores.Select(scores => (double)scores[0])], [.. Actual.Select(actual => actual == 1)])
        : ReliabilityBins.Of(
            [.. Scores.Select(scores => (double)scores.Max())], [.. Actual.Zip(Predicted, (actual, predicted) => actual == predicted)]);
}
