using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>Predicts a number with a feed-forward neural network that is trained by back-propagation.</summary>
/// <remarks>
/// <para>
/// To create this trainer, use <see cref="BackPropagationCatalog.BackPropagation(RegressionCatalog.RegressionTrainers, string, string, string?, int[], double, int)"/>
/// or <see cref="BackPropagationCatalog.BackPropagation(RegressionCatalog.RegressionTrainers, Options)"/>.
/// </para>
/// <para>
/// Input columns: a label of type <see cref="float"/>, features as a vector of <see cref="float"/> of known size, and optionally a weight of type
/// <see cref="float"/>. Output column: Score, a <see cref="float"/> in the units of the label. The trainer scales features and label itself.
/// </para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description /></listheader>
/// <item><term>Machine learning task</term><description>Regression</description></item>
/// <item><term>Is normalization required?</term><description>No</description></item>
/// <item><term>Is caching required?</term><description>No</description></item>
/// <item><term>Error to make small</term><description>Half the squared error, (prediction − label)² / 2, of the scaled label</description></item>
/// </list>
/// </remarks>
public sealed class BackPropagationRegressionTrainer : BackPropagationTrainer<BackPropagationRegressionModelParameters>
{
    private const string Name = "BackPropagationRegression";

    /// <summary>The options of <see cref="BackPropagationRegressionTrainer"/>.</summary>
    public sealed class Options : BackPropagationOptions
    {
    }

    internal BackPropagationRegressionTrainer(IHostEnvironment env, Options options)
        : base(env, Name, options, TrainerUtils.MakeR4ScalarColumn(options.LabelColumnName))
    {
    }

    private protected override PredictionKind PredictionKind => PredictionKind.Regression;

    private protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) =>
        [ScalarOutput(DefaultColumnNames.Score, NumberDataViewType.Single)];

    private protected override LearningTask FindTask(RoleMappedData data)
    {
        data.CheckRegressionLabel();
        return LearningTask.Regression;
    }

    private protected override BackPropagationRegressionModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);

    private protected override ISingleFeaturePredictionTransformer<BackPropagationRegressionModelParameters> MakeRowByRowTransformer(
        BackPropagationRegressionModelParameters model, DataViewSchema trainSchema) =>
        new RegressionPredictionTransformer<BackPropagationRegressionModelParameters>(Host, model, trainSchema, FeatureColumn.Name);
}
