using BpTrainer.Report.Histories;
using BpTrainer.Report.Predictions;

namespace BpTrainer.Report.Page;

/// <summary>Everything that a report shows about one trainer, read once.</summary>
internal sealed record ReportedTrainer(string Name, ReportOptions Options)
{
    /// <summary>The training; null for a trainer of another package.</summary>
    public TrainedModel? Training { get; private init; }

    /// <summary>The predictions of each output; empty if there is no test data.</summary>
    public IReadOnlyList<(string Output, ScoredRows Rows)> Outputs { get; private init; } = [];

    /// <summary>The importances of the features and their metric; null if they were not measured.</summary>
    public (IReadOnlyList<Importance> Importances, string Metric)? Importances { get; private init; }

    /// <summary>Why there are no importances; null if there are importances or if they were not requested.</summary>
    public string? NoImportances { get; private init; }

    /// <summary>The names of the features; empty if they are not known.</summary>
    public IReadOnlyList<string> FeatureNames { get; private init; } = [];

    public static ReportedTrainer Of(string name, TrainedModel training, ReportOptions options)
    {
        LossPlot.CheckTestLosses(training.History, options.TestLosses);
        return new ReportedTrainer(name, options) { Training = training };
    }

    public static ReportedTrainer Of(string name, IDataView scored, ReportOptions options) =>
        new(name, options) { Outputs = ScoredReader.Read(scored, options.LabelColumnName, feature: null) };

    public static ReportedTrainer Of(string name, ITransformer model, IDataView? testData, ReportOptions options)
    {
        ISingleFeaturePredictionTransformer<object>? predictor = Predictor(model);
        TrainedModel? training = TrainedModel.Of(predictor?.Model);
        ReportedTrainer trainer = training is null ? new ReportedTrainer(name, options) : Of(name, training, options);
        if (testData is null)
        {
            return trainer;
        }

        IDataView scored = model.Transform(testData);
        string? features = predictor?.FeatureColumnName;
        var outputs = ScoredReader.Read(scored, options.LabelColumnName, features);
        string? reason = null;
        return trainer with
        {
            Outputs = outputs,
            Importances = options.Importances && predictor is not null && outputs is [("", var rows)]
                ? Predictions.Importances.Measure(predictor, scored, rows, options.LabelColumnName, out reason)
                : null,
            NoImportances = reason,
            FeatureNames = features is null ? [] : ScoredReader.SlotNames(scored.Schema[features]),
        };
    }

    /// <summary>The last transformer of a pipeline that predicts; null if there is none.</summary>
    private static ISingleFeaturePredictionTransformer<object>? Predictor(ITransformer transformer) => transformer switch
    {
        ISingleFeaturePredictionTransformer<object> predictor => predictor,
        IEnumerable<ITransformer> chain => chain.Reverse().Select(Predictor).FirstOrDefault(found => found is not null),
        _ => null,
    };
}
