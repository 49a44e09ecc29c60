using BpTrainer.Losses;
using BpTrainer.ML.Models;
using BpTrainer.ML.Training;
using BpTrainer.Training;
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
/// A row is left out when one of its labels is missing. The evaluator of ML.NET's regression catalog takes single numbers only; vector scores are
/// evaluated by <see cref="MultiOutputRegressionCatalog.EvaluateMultiOutput"/>.
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

        /// <summary>
        /// Shares τ, each above 0 and below 1 and above the one before: the Score of a row is then a vector with the quantiles of its label, named
        /// q0.05 and the like, such that a share τ of labels lies below. <c>[0.05, 0.5, 0.95]</c> gives the median and an interval that holds 90 %.
        /// Takes the place of <see cref="Loss"/>, and the label must be a number. Default: none.
        /// </summary>
        /// <remarks>
        /// All quantiles come from one network and never cross: the first output is as it is, and each of the others adds a number above 0 to the one before
        /// (<see cref="BpTrainer.Activation.CumulativeSoftplus"/>). The error is the mean of the pinball losses, <see cref="BpTrainer.Loss.Quantiles"/>.
        /// </remarks>
        public double[]? Quantiles;

        private protected override Loss BaseLoss => Loss;

        internal override BackPropagationOptions Copy()
        {
            var copy = (Options)base.Copy();
            copy.Quantiles = (double[]?)Quantiles?.Clone();
            return copy;
        }

        internal override void Check(IExceptionContext context)
        {
            context.CheckUserArg(Loss is not null, nameof(Loss), "is null.");
            base.Check(context);
            CheckQuantiles(context);
            CheckRange(context, Loss is not CrossEntropyLoss, nameof(Loss), $"is {Loss}, which is for classes, but must be one for numbers: squared, absolute, Huber, quantile or Poisson.");
        }

        private void CheckQuantiles(IExceptionContext context)
        {
            if (Quantiles is null)
            {
                return;
            }

            CheckRange(context, Loss == BpTrainer.Loss.HalfSquaredError, nameof(Loss), $"is {Loss}, but {nameof(Quantiles)} are given too, which have a loss of their own: leave {nameof(Loss)} out.");
            CheckRange(context, Quantiles.Length > 0, nameof(Quantiles), $"is empty, but must have at least one share, such as 0.5.");
            for (int i = 0; i < Quantiles.Length; i++)
            {
                CheckRange(
                    context,
                    Quantiles[i] > (i == 0 ? 0 : Quantiles[i - 1]) && Quantiles[i] < 1,
                    nameof(Quantiles),
                    $"has the share {Quantiles[i]} at place {i + 1}, but each must be above 0, below 1 and above the one before.");
            }
        }
    }

    private readonly Options _options;

    internal BackPropagationRegressionTrainer(IHostEnvironment env, Options options)
        : base(env, Name, options = (Options)options.Copy(), TrainerUtils.MakeR4ScalarColumn(options.LabelColumnName)) =>
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
        if (label.Kind == SchemaShape.Column.VectorKind.Scalar && _options.Quantiles is null)
        {
            return [ScalarOutput(DefaultColumnNames.Score, NumberDataViewType.Single)];
        }

        IEnumerable<SchemaShape.Column> slotNames = _options.Quantiles is null
            ? label.Annotations.Where(annotation => label.HasSlotNames() && annotation.Name == AnnotationUtils.Kinds.SlotNames)
            : [new(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, isKey: false)];
        return
        [
            new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false,
                new SchemaShape(slotNames.Concat(AnnotationUtils.GetTrainerOutputAnnotation()))),
        ];
    }

    private protected override LearningTask FindTask(RoleMappedData data)
    {
        var vector = data.Schema.Label?.Type as VectorDataViewType;
        if (_options.Quantiles is not { } quantiles)
        {
            return LearningTask.Regression(vector?.Size ?? 1, _options.Loss);
        }

        return vector is null
            ? LearningTask.Quantiles(quantiles)
            : throw Host.ExceptSchemaMismatch(nameof(data), "label", LabelColumn.Name, "Single, since Quantiles are asked for", vector.ToString());
    }

    private protected override BackPropagationRegressionModelParameters CreateModel(TrainedNetwork trained, DataViewSchema.Column label) =>
        (label.Type, _options.Quantiles) switch
        {
            (_, { } quantiles) => new BackPropagationVectorRegressionModelParameters(
                Host, trained with { SlotNames = [.. quantiles.Select(tau => FormattableString.Invariant($"q{tau}"))] }),
            (VectorDataViewType, null) => new BackPropagationVectorRegressionModelParameters(Host, trained with { SlotNames = SlotNames.Of(label) }),
            _ => new BackPropagationRegressionModelParameters(Host, trained),
        };

    private protected override ISingleFeaturePredictionTransformer<BackPropagationRegressionModelParameters> MakeRowByRowTransformer(
        BackPropagationRegressionModelParameters model, DataViewSchema trainSchema) =>
        new RegressionPredictionTransformer<BackPropagationRegressionModelParameters>(Host, model, trainSchema, FeatureColumn.Name);
}
