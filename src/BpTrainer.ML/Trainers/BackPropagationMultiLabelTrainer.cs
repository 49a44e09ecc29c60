using BpTrainer.ML.Training;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>
/// Predicts which of several labels a row has (none, one or many) with a feed-forward neural network trained by back-propagation.
/// </summary>
/// <remarks>
/// <para>
/// Created by <c>MultiLabelBackPropagation</c> of <see cref="BinaryClassificationCatalog.BinaryClassificationTrainers"/>, which
/// <see cref="BackPropagationCatalog"/> adds. Every label has its own output; the hidden layers learn what the labels have in common. The
/// loss is the binary cross-entropy of all labels of a row together, or a squared error.
/// </para>
/// <para>
/// Input columns: a label, a vector of <see cref="bool"/>, or of <see cref="float"/> with 0 and 1, of known size; features as a vector of
/// <see cref="float"/> of known size, and optionally a weight of type <see cref="float"/>. Output columns, all vectors with the label's
/// size and slot names: Score (log-odds), Probability, and PredictedLabel, a vector of <see cref="bool"/>. The trainer scales the features
/// itself.
/// </para>
/// <para>
/// A row is left out if one of its labels is missing. To evaluate predictions, use <see cref="BackPropagationCatalog.EvaluateMultiLabel"/>.
/// The validation part is drawn without regard to the labels.
/// </para>
/// </remarks>
public sealed class BackPropagationMultiLabelTrainer : BackPropagationTrainer<BackPropagationMultiLabelModelParameters>
{
    /// <summary>The options of <see cref="BackPropagationMultiLabelTrainer"/>.</summary>
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
            : base(preset)
        {
        }

        /// <summary>
        /// The loss: <see cref="BpTrainer.Loss.HalfSquaredError"/> or <see cref="BpTrainer.Loss.MeanSquaredError"/> of the probabilities,
        /// or null for the binary cross-entropy; see <see cref="BackPropagationBinaryTrainer.Options.Loss"/>. Default: null.
        /// </summary>
        public Loss? Loss;

        /// <summary>
        /// The share ε of every target, in [0, 1), that is spread evenly over yes and no, so that the network does not become
        /// overconfident. Not allowed with a squared error. Default: 0.
        /// </summary>
        public double LabelSmoothing;

        private protected override Loss BaseLoss => Loss ?? BpTrainer.Loss.BinaryCrossEntropy();

        internal override void Check(IExceptionContext context)
        {
            ProbabilityOutput.Check(context, Loss, OutputActivation, isSoftmax: false);
            base.Check(context);
            ProbabilityOutput.CheckCrossEntropyOptions(context, Loss, LabelSmoothing);
        }
    }

    private readonly Options _options;

    internal BackPropagationMultiLabelTrainer(IHostEnvironment env, Options options)
        : base(env, "BackPropagationMultiLabel", options = (Options)options.Copy(), TrainerUtils.MakeR4ScalarColumn) =>
        _options = options;

    private protected override PredictionKind PredictionKind => PredictionKind.Custom;

    private protected override void CheckLabelCompatible(SchemaShape.Column labelCol)
    {
        bool isFlags = labelCol.ItemType == BooleanDataViewType.Instance && labelCol.Kind == SchemaShape.Column.VectorKind.Vector;
        if (!isFlags)
        {
            CheckLabel(
                labelCol,
                SchemaShape.Column.VectorKind.Vector,
                $"known-size vector of Boolean or Single (a single Boolean is for {nameof(BackPropagationCatalog.BackPropagation)})");
        }
    }

    private protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        SchemaShape.Column label = FindLabel(inputSchema);
        return
        [
            VectorOutput(DefaultColumnNames.Score, NumberDataViewType.Single, SlotNames(label)),
            VectorOutput(DefaultColumnNames.Probability, NumberDataViewType.Single, SlotNames(label)),
            VectorOutput(DefaultColumnNames.PredictedLabel, BooleanDataViewType.Instance, SlotNames(label)),
        ];
    }

    private protected override LearningTask FindTask(RoleMappedData data) => LearningTask.MultiLabel(
        data.Schema.Label!.Value.Type.GetVectorSize(), _options.Loss, _options.OutputActivation, _options.LabelSmoothing);

    private protected override string[] OutputNames(DataViewSchema.Column label) => ColumnNames.SlotsOf(label);

    private protected override BackPropagationMultiLabelModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);
}
