using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>Tells two classes apart with a feed-forward neural network that is trained by back-propagation.</summary>
/// <remarks>
/// <para>
/// To create this trainer, use <see cref="BackPropagationCatalog.BackPropagation(BinaryClassificationCatalog.BinaryClassificationTrainers, string, string, string?, int[], double, int)"/>
/// or <see cref="BackPropagationCatalog.BackPropagation(BinaryClassificationCatalog.BinaryClassificationTrainers, Options)"/>.
/// </para>
/// <para>
/// Input columns: a label of type <see cref="bool"/>, features as a vector of <see cref="float"/> of known size, and optionally a weight of type
/// <see cref="float"/>. Output columns: Score (log-odds), Probability of <see langword="true"/>, and PredictedLabel, a <see cref="bool"/>. The trainer
/// scales the features itself, and the probability needs no calibration.
/// </para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description /></listheader>
/// <item><term>Machine learning task</term><description>Binary classification</description></item>
/// <item><term>Is normalization required?</term><description>No</description></item>
/// <item><term>Is caching required?</term><description>No</description></item>
/// <item><term>Error to make small</term><description>Cross-entropy, −log of the probability given to the label</description></item>
/// </list>
/// </remarks>
public sealed class BackPropagationBinaryTrainer : BackPropagationTrainer<BackPropagationBinaryModelParameters>
{
    private const string Name = "BackPropagationBinary";

    /// <summary>The options of <see cref="BackPropagationBinaryTrainer"/>.</summary>
    public sealed class Options : BackPropagationOptions
    {
    }

    internal BackPropagationBinaryTrainer(IHostEnvironment env, Options options)
        : base(env, Name, options, TrainerUtils.MakeBoolScalarLabel(options.LabelColumnName))
    {
    }

    private protected override PredictionKind PredictionKind => PredictionKind.BinaryClassification;

    private protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) =>
    [
        ScalarOutput(DefaultColumnNames.Score, NumberDataViewType.Single),
        ScalarOutput(DefaultColumnNames.Probability, NumberDataViewType.Single, isProbability: true),
        ScalarOutput(DefaultColumnNames.PredictedLabel, BooleanDataViewType.Instance),
    ];

    private protected override LearningTask FindTask(RoleMappedData data)
    {
        data.CheckBinaryLabel();
        return LearningTask.Binary;
    }

    private protected override BackPropagationBinaryModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);

    private protected override ISingleFeaturePredictionTransformer<BackPropagationBinaryModelParameters> MakeRowByRowTransformer(
        BackPropagationBinaryModelParameters model, DataViewSchema trainSchema) =>
        new BinaryPredictionTransformer<BackPropagationBinaryModelParameters>(Host, model, trainSchema, FeatureColumn.Name);
}
