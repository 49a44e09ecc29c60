using BpTrainer.Losses;
using BpTrainer.ML.Training;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>
/// Predicts several numbers at once, or several quantiles of one, with a feed-forward neural network trained by back-propagation.
/// </summary>
/// <remarks>
/// <para>
/// Created by <c>MultiOutputBackPropagation</c> of <see cref="RegressionCatalog.RegressionTrainers"/>, which
/// <see cref="BackPropagationCatalog"/> adds.
/// </para>
/// <para>
/// Input columns: a label, a vector of <see cref="float"/> of known size, or a <see cref="float"/> if <see cref="Options.Loss"/> asks for
/// several quantiles; features as a vector of <see cref="float"/> of known size, and optionally a weight of type <see cref="float"/>.
/// Output column: Score, in the units of the label: a vector with the label's size and slot names, or with the quantiles, with slot names
/// such as q0.05. The trainer scales features and labels itself.
/// </para>
/// <para>
/// A row is left out if one of its labels is missing. The evaluator of ML.NET's regression catalog takes single numbers only; to evaluate
/// vector scores, use <see cref="BackPropagationCatalog.EvaluateMultiOutput"/>.
/// </para>
/// </remarks>
public sealed class BackPropagationMultiOutputTrainer : BackPropagationTrainer<BackPropagationMultiOutputModelParameters>
{
    /// <summary>The options of <see cref="BackPropagationMultiOutputTrainer"/>.</summary>
    public sealed class Options : BackPropagationOptions
    {
        /// <summary>Creates options with the default values.</summary>
        public Options()
            : this(Preset.Default)
        {
        }

        /// <summary>Creates options with the values of a preset; each can be changed.</summary>
        /// <param name="preset">The preset.</param>
        /// <exception cref="ArgumentOutOfRangeException"><paramref name="preset"/> is not a defined value.</exception>
        public Options(Preset preset)
            : base(preset) =>
            LabelScaling = preset == Preset.Textbook ? Scaling.None : Scaling.Standardize;

        /// <summary>
        /// The loss: one of those of <see cref="BackPropagationRegressionTrainer.Options.Loss"/>, or
        /// <see cref="BpTrainer.Loss.Quantiles"/>. With <c>Loss.Quantiles(0.05, 0.5, 0.95)</c> the label must be a number, and Score has
        /// its median and the ends of an interval that contains 90 % of the labels. Default: <see cref="BpTrainer.Loss.HalfSquaredError"/>.
        /// </summary>
        /// <remarks>
        /// The loss is that of the scaled labels. All quantiles come from one network and never cross. They must be given in ascending
        /// order: each output after the first adds a number above 0 to the output before it (<see cref="Activation.CumulativeSoftplus"/>).
        /// </remarks>
        public Loss Loss = Loss.HalfSquaredError;

        /// <summary>
        /// How the network scales each slot of the label; see <see cref="BackPropagationRegressionTrainer.Options.LabelScaling"/>.
        /// </summary>
        public Scaling LabelScaling;

        private protected override Loss BaseLoss => Loss;

        internal override void Check(IExceptionContext context)
        {
            LearningTask.CheckRegression(context, Loss, LabelScaling);
            for (int i = 1; Loss is QuantilesLoss { Taus: var taus } && i < taus.Count; i++)
            {
                CheckRange(
                    context,
                    taus[i] > taus[i - 1],
                    nameof(Loss),
                    $"is {Loss}, with the share {taus[i]} at place {i + 1}, but each share must be above the one before it.");
            }

            CheckRange(
                context,
                Loss is not QuantilesLoss || OutputActivation is null || OutputActivation == Activation.CumulativeSoftplus,
                nameof(OutputActivation),
                $"is {OutputActivation}, but the {nameof(Loss)} {Loss} needs {Activation.CumulativeSoftplus}, which keeps them in order.");
            base.Check(context);
        }
    }

    private readonly Options _options;

    internal BackPropagationMultiOutputTrainer(IHostEnvironment env, Options options)
        : base(env, "BackPropagationMultiOutput", options = (Options)options.Copy(), TrainerUtils.MakeR4ScalarColumn) =>
        _options = options;

    private protected override PredictionKind PredictionKind => PredictionKind.Regression;

    private protected override void CheckLabelCompatible(SchemaShape.Column labelCol) => CheckLabel(
        labelCol,
        _options.Loss is QuantilesLoss ? SchemaShape.Column.VectorKind.Scalar : SchemaShape.Column.VectorKind.Vector,
        _options.Loss is QuantilesLoss ? $"Single, since the {nameof(Options.Loss)} is {_options.Loss}"
            : $"known-size vector of Single (a single number is for {nameof(BackPropagationCatalog.BackPropagation)})");

    private protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        SchemaShape.Column label = FindLabel(inputSchema);
        IEnumerable<SchemaShape.Column> slotNames = _options.Loss is QuantilesLoss
            ? [new(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, isKey: false)]
            : SlotNames(label);
        return [VectorOutput(DefaultColumnNames.Score, NumberDataViewType.Single, slotNames)];
    }

    private protected override LearningTask FindTask(RoleMappedData data) => _options.Loss is QuantilesLoss { Taus: var taus }
        ? LearningTask.Quantiles([.. taus], _options.LabelScaling)
        : LearningTask.Regression(
            data.Schema.Label!.Value.Type.GetVectorSize(), _options.Loss, _options.LabelScaling, _options.OutputActivation);

    private protected override string[] OutputNames(DataViewSchema.Column label) => _options.Loss is QuantilesLoss { Taus: var taus }
        ? [.. taus.Select(tau => FormattableString.Invariant($"q{tau}"))]
        : ColumnNames.SlotsOf(label);

    private protected override BackPropagationMultiOutputModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);
}
