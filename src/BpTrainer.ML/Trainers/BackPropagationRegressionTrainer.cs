using BpTrainer.Losses;
using BpTrainer.ML.Training;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>Predicts a number with a feed-forward neural network trained by back-propagation.</summary>
/// <remarks>
/// <para>
/// Created by <c>BackPropagation</c> of <see cref="RegressionCatalog.RegressionTrainers"/>, which
/// <see cref="BackPropagationCatalog"/> adds.
/// </para>
/// <para>
/// Input columns: a label of type <see cref="float"/>, features as a vector of <see cref="float"/> of known size, and optionally a weight
/// of type <see cref="float"/>. Output column: Score, a <see cref="float"/> in the units of the label. The trainer scales features and
/// label itself. For vector labels or several quantiles, use <see cref="BackPropagationMultiOutputTrainer"/>.
/// </para>
/// </remarks>
public sealed class BackPropagationRegressionTrainer : BackPropagationTrainer<BackPropagationRegressionModelParameters>
{
    /// <summary>The options of <see cref="BackPropagationRegressionTrainer"/>.</summary>
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
        /// The loss: half the squared error or the mean squared error (predicts the mean), the mean absolute error (the median),
        /// <see cref="BpTrainer.Loss.Huber"/> (the mean, but outliers pull less), <see cref="BpTrainer.Loss.Quantile"/> (a quantile) or
        /// <see cref="BpTrainer.Loss.Poisson"/> (the mean of counts or rates). Default: <see cref="BpTrainer.Loss.HalfSquaredError"/>.
        /// </summary>
        /// <remarks>
        /// The loss is that of the scaled label (<see cref="LabelScaling"/>), so by default the δ of Huber is measured in standard
        /// deviations of the label. For Poisson the label must not be negative, and by default the output activation is exponential, so
        /// that scores are rates above 0.
        /// </remarks>
        public Loss Loss = Loss.HalfSquaredError;

        /// <summary>
        /// How the network scales the label; predictions are in the units of the label. With <see cref="BpTrainer.Loss.Poisson"/>, which
        /// allows no shift, <see cref="Scaling.Standardize"/> divides the label by its mean, and <see cref="Scaling.MinMax"/> is not
        /// allowed. Default: <see cref="Scaling.Standardize"/>; with <see cref="Preset.Textbook"/>, <see cref="Scaling.None"/>.
        /// </summary>
        public Scaling LabelScaling;

        private protected override Loss BaseLoss => Loss;

        internal override void Check(IExceptionContext context)
        {
            LearningTask.CheckRegression(context, Loss, LabelScaling);
            CheckRange(
                context,
                Loss is not QuantilesLoss,
                nameof(Loss),
                $"is {Loss}, which has several scores: use MultiOutputBackPropagation, or a single quantile.");
            CheckRange(
                context,
                OutputActivation != Activation.Softmax,
                nameof(OutputActivation),
                $"is {OutputActivation}, but a softmax of a single output is always 1.");
            base.Check(context);
        }
    }

    private readonly Options _options;

    internal BackPropagationRegressionTrainer(IHostEnvironment env, Options options)
        : base(env, "BackPropagationRegression", options = (Options)options.Copy(), TrainerUtils.MakeR4ScalarColumn) =>
        _options = options;

    private protected override PredictionKind PredictionKind => PredictionKind.Regression;

    private protected override void CheckLabelCompatible(SchemaShape.Column labelCol) => CheckLabel(
        labelCol,
        SchemaShape.Column.VectorKind.Scalar,
        $"Single (a vector of labels is for {nameof(BackPropagationCatalog.MultiOutputBackPropagation)})");

    private protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) =>
        [ScalarOutput(DefaultColumnNames.Score, NumberDataViewType.Single)];

    private protected override LearningTask FindTask(RoleMappedData data) =>
        LearningTask.Regression(outputs: 1, _options.Loss, _options.LabelScaling, _options.OutputActivation);

    private protected override BackPropagationRegressionModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);
}
