using BpTrainer.ML.Training;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>Tells two classes apart with a feed-forward neural network trained by back-propagation.</summary>
/// <remarks>
/// <para>
/// Created by <c>BackPropagation</c> of <see cref="BinaryClassificationCatalog.BinaryClassificationTrainers"/>, which
/// <see cref="BackPropagationCatalog"/> adds. The loss is the cross-entropy, −log of the predicted probability of the label, or a squared
/// error.
/// </para>
/// <para>
/// Input columns: a label of type <see cref="bool"/>, features as a vector of <see cref="float"/> of known size, and optionally a weight of
/// type <see cref="float"/>. Output columns: Score (log-odds), Probability of <see langword="true"/>, and PredictedLabel, a
/// <see cref="bool"/>. The trainer scales the features itself, and the probability needs no calibration.
/// </para>
/// </remarks>
public sealed class BackPropagationBinaryTrainer : BackPropagationTrainer<BackPropagationBinaryModelParameters>
{
    /// <summary>The options of <see cref="BackPropagationBinaryTrainer"/>.</summary>
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
        /// as in textbooks. Null for the cross-entropy, −log of the predicted probability of the label, which learns faster from rows that
        /// are predicted very wrongly. Default: null.
        /// </summary>
        /// <remarks>
        /// With <see cref="Activation.Tanh"/> as <see cref="BackPropagationOptions.OutputActivation"/>, the network learns −1 and 1, and
        /// the loss is that of its outputs. <see cref="LabelSmoothing"/> and <see cref="ClassWeights"/> are parts of the cross-entropy and
        /// are not allowed with a squared error.
        /// </remarks>
        public Loss? Loss;

        /// <summary>
        /// The share ε of every target, in [0, 1), that is spread evenly over the classes, so that the network does not become
        /// overconfident. Default: 0.
        /// </summary>
        public double LabelSmoothing;

        /// <summary>
        /// How much the rows with the label <see langword="false"/> and those with the label <see langword="true"/> count:
        /// <see cref="ClassWeights.Balanced"/> or <see cref="ClassWeights.Given"/>. Default: none; every row counts the same.
        /// </summary>
        public ClassWeights? ClassWeights;

        private protected override Loss BaseLoss => Loss ?? BpTrainer.Loss.BinaryCrossEntropy();

        internal override void Check(IExceptionContext context)
        {
            ProbabilityOutput.Check(context, Loss, OutputActivation, isSoftmax: false);
            base.Check(context);
            ProbabilityOutput.CheckCrossEntropyOptions(context, Loss, LabelSmoothing, ClassWeights);
            CheckRange(
                context,
                ClassWeights?.Count is null or 2,
                nameof(ClassWeights),
                $"has {ClassWeights?.Count} weights, but must have two: one for false and one for true.");
        }
    }

    private readonly Options _options;

    internal BackPropagationBinaryTrainer(IHostEnvironment env, Options options)
        : base(env, "BackPropagationBinary", options = (Options)options.Copy(), TrainerUtils.MakeBoolScalarLabel) =>
        _options = options;

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
        return LearningTask.Binary(_options.Loss, _options.OutputActivation, _options.LabelSmoothing, _options.ClassWeights);
    }

    private protected override BackPropagationBinaryModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);
}

/// <summary>
/// The binary trainer with the result type of ML.NET's own binary trainers. ML.NET's one-versus-all trainer requires exactly that type,
/// which is sealed. It takes the models out of it and scores with them itself, so block scoring is not used.
/// </summary>
internal sealed class RowByRowBinaryTrainer(BackPropagationBinaryTrainer trainer)
    : ITrainerEstimator<BinaryPredictionTransformer<BackPropagationBinaryModelParameters>, BackPropagationBinaryModelParameters>
{
    public TrainerInfo Info => trainer.Info;

    public BinaryPredictionTransformer<BackPropagationBinaryModelParameters> Fit(IDataView input) => trainer.Fit(input).AsBinary();

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => trainer.GetOutputSchema(inputSchema);
}
