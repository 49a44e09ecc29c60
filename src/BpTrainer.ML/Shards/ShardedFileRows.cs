using BpTrainer.Encodings;
using BpTrainer.Ensembles;
using BpTrainer.ML.Training;
using BpTrainer.Scalings;
using BpTrainer.Shards;

namespace BpTrainer.ML.Shards;

/// <summary>
/// Rows that the workers of a cluster read from files. Only sums are sent to this machine: sizes, statistics of the columns, losses and
/// gradients, and a sample of limited size if features are encoded.
/// </summary>
internal sealed class ShardedFileRows : TrainingRows, IShardedRows<float>
{
    private readonly IClusterTraining _training;
    private readonly FilePlan _plan;
    private readonly ShardSurvey _survey;
    private readonly CancellationToken _cancellationToken;

    private ShardedFileRows(
        RowSource source, IClusterTraining training, FilePlan plan, ShardSurvey survey, CancellationToken cancellationToken)
        : base(source, validation: null)
    {
        _training = training;
        _plan = plan;
        _survey = survey;
        _cancellationToken = cancellationToken;
        Count = survey.Sizes.Sum(size => (long)size.TrainingRows);
        ValidationCount = survey.Sizes.Sum(size => (long)size.ValidationRows);
        Note(survey.FirstLabels, survey.HasSeveralLabels);
    }

    public override long Count { get; }

    public override long ValidationCount { get; }

    /// <summary>All rows are in the memory of the workers.</summary>
    public override int CountInMemory => (int)Math.Min(Count, int.MaxValue);

    public override long BytesOfOrder => 0;

    public override bool IsSparse => false;

    public MeanImputation? Imputation => Source.Imputation;

    public override string Place => $"in {_plan.Shards} shards";

    int IShardedRows<float>.InputColumns => Source.Inputs;

    int IShardedRows<float>.TargetColumns => Source.Task.Outputs;

    IReadOnlyList<ShardSize> IShardedRows<float>.Sizes => _survey.Sizes;

    /// <summary>Lets the workers read their files and collects information about the rows.</summary>
    /// <param name="warnings">Receives the warnings of the workers.</param>
    /// <param name="source">The columns, without rows.</param>
    /// <param name="training">The workers.</param>
    /// <param name="plan">How the workers read rows.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static ShardedFileRows Read(
        WarningList warnings, RowSource source, IClusterTraining training, FilePlan plan, CancellationToken cancellationToken)
    {
        if (plan is { Imputes: true, Imputation: null })
        {
            var missing = (MissingSurvey)Ask(training, plan, new(RowQuestion.Missing, []), cancellationToken);
            plan = plan with { Imputation = missing.ToImputation(warnings, source.FeatureNames) };
        }

        ShardSurvey survey = Survey(training, plan, cancellationToken);
        if (survey.Sizes.Sum(size => (long)size.ValidationRows) is > 0 and < ValidationSplit.MinimumRows && plan.ValidationFraction > 0)
        {
            plan = plan with { ValidationFraction = 0 };
            survey = Survey(training, plan, cancellationToken);
        }

        foreach ((string id, string text) in survey.Warnings)
        {
            warnings.Add(id, text);
        }

        return new ShardedFileRows(source with { Imputation = plan.Imputation }, training, plan, survey, cancellationToken);
    }

    public override ColumnScaling? InputScaling(Scaling scaling) => scaling.OfInputs(_survey.Inputs);

    public override ColumnStatistics TargetStatistics() => _survey.Targets;

    public override PiecewiseLinearEncoding Encode(int bins)
    {
        int most = (int)Math.Min(Count, new RowSample<float>(Source.Inputs, Source.Task.Outputs).MostRows);
        int[] rows = new ShardShares([.. _survey.Sizes.Select(size => size.TrainingRows)]).Of(most);
        var sampled = (SampledRows)Ask(_training, _plan, new(RowQuestion.Sample, rows), _cancellationToken);
        return sampled.ToSample(Source.Inputs, Source.Task.Outputs).EncodeByTrees(bins);
    }

    public override void ReportFeatures(WarningList warnings) => _survey.Features.Report(warnings, Source.FeatureNames);

    public override EnsembleResult<float> Train(
        EnsembleTrainer<float> trainer, Action<EpochProgress<float>> onEpoch, CancellationToken cancellationToken) =>
        trainer.Run(this, onEpoch, cancellationToken);

    /// <summary>Trials need rows on this machine; <see cref="BackPropagationTrainer{TModel}"/> has rejected them before.</summary>
    public override HiddenSizeTrials Try(HiddenSizeSearch<float> search, int folds, int seed, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Trials on shards are not supported.");

    void IShardedRows<float>.Begin(ShardPlan<float> plan, CancellationToken cancellationToken) =>
        _training.Begin(_plan.With(plan).ToBytes(), cancellationToken);

    ShardSums<float> IShardedRows<float>.Compute(ShardTask<float> task, CancellationToken cancellationToken) =>
        _training is LocalTraining local
            ? local.Worker.Run(task, cancellationToken)
            : ShardSums<float>.Join([.. _training.Compute(task.ToBytes(), cancellationToken).Select(ShardSums<float>.FromBytes)]);

    private static ShardSurvey Survey(IClusterTraining training, FilePlan plan, CancellationToken cancellationToken) =>
        (ShardSurvey)Ask(training, plan, new(RowQuestion.Survey, []), cancellationToken);

    private static IRowFigures Ask(
        IClusterTraining training, FilePlan plan, ShardQuestion question, CancellationToken cancellationToken)
    {
        training.Begin(plan.ToBytes(), cancellationToken);
        return RowAnswer.Join(question.Kind, plan.Shards, training.Compute(question.ToBytes(), cancellationToken));
    }
}
