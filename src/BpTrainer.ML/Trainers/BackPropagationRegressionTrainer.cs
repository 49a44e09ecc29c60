using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>Predicts a number, or several at once, with a feed-forward neural network that is trained by back-propagation.</summary>
/// <remarks>
/// <para>
/// To create this trainer, use <see cref="BackPropagationCatalog.BackPropagation(RegressionCatalog.RegressionTrainers, string, string, string?, int[], double?, int)"/>
/// or <see cref="BackPropagationCatalog.BackPropagation(RegressionCatalog.RegressionTrainers, Options)"/>.
/// </para>
/// <para>
/// Input columns: a label of type <see cref="float"/> or a vector of <see cref="float"/> of known size, features as a vector of <see cref="float"/> of
/// known size, and optionally a weight of type <see cref="float"/>. Output column: Score, in the units of the label: a <see cref="float"/>, or, where the
/// label is a vector, a vector of the same size with the label's slot names. The trainer scales features and label itself.
/// </para>
/// <para>
/// A row is left out when one of its labels is missing. The evaluator of ML.NET's regression catalog takes single numbers only, so vector scores need
/// metrics of their own.
/// </para>
/// <list type="table">
/// <listheader><term>Trainer Characteristics</term><description /></listheader>
/// <item><term>Machine learning task</term><description>Regression</description></item>
/// <item><term>Is normalization required?</term><description>No</description></item>
/// <item><term>Is caching required?</term><description>No</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>BpTrainer.ML</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// <item><term>Error to make small</term><description>As <see cref="Options.Loss"/> says; by default half the squared error, (prediction − label)² / 2, of the scaled label</description></item>
/// </list>
/// </remarks>
public sealed class BackPropagationRegressionTrainer : BackPropagationTrainer<BackPropagationRegressionModelParameters>
{
    private const string Name = "BackPropagationRegression";

    /// <summary>The options of <see cref="BackPropagationRegressionTrainer"/>.</summary>
    public sealed class Options : BackPropagationOptions
    {
        /// <summary>
        /// The error to make small: half of the squared or the mean squared error (predicts the mean), the mean absolute error
        /// (the median), <see cref="BpTrainer.Loss.Huber"/> (the mean, but outliers pull less), <see cref="BpTrainer.Loss.Quantile"/> (a quantile) or
        /// <see cref="BpTrainer.Loss.Poisson"/> (the mean of counts or rates). Default: <see cref="BpTrainer.Loss.HalfSquaredError"/>.
        /// </summary>
        /// <remarks>
        /// The loss is that of the scaled label. For all but Poisson each label is shifted and scaled to mean 0 and standard deviation 1, so the δ of
        /// Huber counts standard deviations of the label. For Poisson the label, which must not be negative, is only divided by its mean, and the output
        /// is an exponential function, so that scores are rates above 0.
        /// </remarks>
        public Loss Loss = Loss.HalfSquaredError;

        private protected override Loss BaseLoss => Loss;

        internal override void Check(IExceptionContext context)
        {
            context.CheckUserArg(Loss is not null, nameof(Loss), "is null.");
            base.Check(context);
            CheckRange(context, Loss is not CrossEntropyLoss, nameof(Loss), $"is {Loss}, which is for classes, but must be one for numbers: squared, absolute, Huber, quantile or Poisson.");
        }
    }

    private readonly Options _options;

    internal BackPropagationRegressionTrainer(IHostEnvironment env, Options options)
        : base(env, Name, options, TrainerUtils.MakeR4ScalarColumn(options.LabelColumnName)) =>
        _options = options;

    private protected override PredictionKind PredictionKind => PredictionKind.Regression;

    private protected override void CheckLabelCompatible(SchemaShape.Column labelCol)
    {
        bool fits = labelCol.ItemType == NumberDataViewType.Single && labelCol.Kind != SchemaShape.Column.VectorKind.VariableVector;
        if (!fits)
        {
            throw Host.ExceptSchemaMismatch(
                nameof(labelCol), "label", labelCol.Name, "Single or known-size vector of Single", labelCol.GetTypeString());
        }
    }

    private protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        Host.Check(inputSchema.TryFindColumn(LabelColumn.Name, out SchemaShape.Column label), $"There is no label column '{LabelColumn.Name}'.");
        if (label.Kind == SchemaShape.Column.VectorKind.Scalar)
        {
            return [ScalarOutput(DefaultColumnNames.Score, NumberDataViewType.Single)];
        }

        var slotNames = label.Annotations.Where(annotation => label.HasSlotNames() && annotation.Name == AnnotationUtils.Kinds.SlotNames);
        return
        [
            new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false,
                new SchemaShape(slotNames.Concat(AnnotationUtils.GetTrainerOutputAnnotation()))),
        ];
    }

    private protected override LearningTask FindTask(RoleMappedData data)
    {
        int outputs = data.Schema.Label?.Type is VectorDataViewType vector ? vector.Size : 1;
        return LearningTask.Regression(outputs, _options.Loss);
    }

    private protected override BackPropagationRegressionModelParameters CreateModel(TrainedNetwork trained, DataViewSchema.Column label) =>
        label.Type is VectorDataViewType
            ? new BackPropagationVectorRegressionModelParameters(Host, trained, SlotNamesOf(label))
            : new BackPropagationRegressionModelParameters(Host, trained);

    private static string[] SlotNamesOf(DataViewSchema.Column label)
    {
        if (!label.HasSlotNames(label.Type.GetVectorSize()))
        {
            return [];
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        label.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private protected override ISingleFeaturePredictionTransformer<BackPropagationRegressionModelParameters> MakeRowByRowTransformer(
        BackPropagationRegressionModelParameters model, DataViewSchema trainSchema) =>
        new RegressionPredictionTransformer<BackPropagationRegressionModelParameters>(Host, model, trainSchema, FeatureColumn.Name);
}
