using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Compare;

/// <summary>
/// MLPClassifier and MLPRegressor of scikit-learn with their defaults, or trained by momentum with their adaptive rate. They get the same
/// features as the other trainers. The label of a regression is standardised for them, because their defaults expect that.
/// </summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Task">The task.</param>
/// <param name="Library">The Python process.</param>
internal sealed record ScikitLearnContender(string Name, LearningTask Task, ScikitLearn Library) : Contender(Name)
{
    /// <summary>The name with the defaults.</summary>
    public const string Default = "ScikitLearn";

    /// <summary>The name with momentum.</summary>
    public const string Momentum = "ScikitLearn-momentum";

    /// <inheritdoc/>
    public override string? LeftOut(Problem problem) =>
        Library.IsInstalled ? null : "left out: no python3 with scikit-learn was found";

    /// <inheritdoc/>
    public override Trial Run(PreparedSplit split, int seed, Action<EpochProgress<float>>? onEpoch)
    {
        float[] targets = Targets(split.Test);
        string file = Path.GetTempFileName();
        try
        {
            var rows = new SplitFile();
            Add(rows, "training", split.Training, Targets(split.Training));
            Add(rows, "test", split.Test, targets);
            rows.Write(file);
            ScikitLearnAnswer answer = Library.Ask(new(file, Task.ToString().ToLowerInvariant(), Name == Momentum, seed));
            return new Trial(Scored(targets, answer.Predictions), answer.FitSeconds, answer.RowsPerSecond);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Add(SplitFile file, string part, IDataView view, float[] targets)
    {
        foreach ((float[] features, float target) in view.GetColumn<float[]>("Features").Zip(targets))
            file.Add(part, target, features);
    }

    private float[] Targets(IDataView view) => Task switch
    {
        LearningTask.Regression => [.. view.GetColumn<float>("Label")],
        LearningTask.Binary => [.. view.GetColumn<bool>("Label").Select(label => label ? 1f : 0f)],
        _ => [.. view.GetColumn<uint>("Label").Select(label => (float)(label - 1))],
    };

    private IDataView Scored(float[] targets, float[] predictions)
    {
        IDataView Load<T>(Func<int, T> row, SchemaDefinition? schema = null) where T : class =>
            new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, targets.Length).Select(row).ToArray(), schema);

        switch (Task)
        {
            case LearningTask.Regression:
                return Load(r => new ScoredNumber(targets[r], predictions[r]));
            case LearningTask.Binary:
                return Load(r => new ScoredTruth(targets[r] == 1, predictions[(2 * r) + 1]));
            default:
                int classes = predictions.Length / targets.Length;
                var schema = SchemaDefinition.Create(typeof(ScoredClass));
                schema["Label"].ColumnType = schema["PredictedLabel"].ColumnType = new KeyDataViewType(typeof(uint), classes);
                schema["Score"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classes);
                return Load(r => new ScoredClass((uint)targets[r], predictions[(r * classes)..((r + 1) * classes)]), schema);
        }
    }

    private sealed class ScoredNumber(float label, float score)
    {
        public float Label { get; } = label;

        public float Score { get; } = score;
    }

    private sealed class ScoredTruth(bool label, float probability)
    {
        public bool Label { get; } = label;

        public float Score { get; } = probability - 0.5f;

        public float Probability { get; } = probability;

        public bool PredictedLabel { get; } = probability > 0.5f;
    }

    // Keys start at 0 in a class that a data view is created from, and at 1 in the view.
    private sealed class ScoredClass(uint label, float[] probabilities)
    {
        public uint Label { get; } = label;

        public float[] Score { get; } = probabilities;

        public uint PredictedLabel { get; } = (uint)Array.IndexOf(probabilities, probabilities.Max());
    }
}
