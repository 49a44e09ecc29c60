using BpTrainer.ML.Training;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>Tells several classes apart with a feed-forward neural network trained by back-propagation.</summary>
/// <remarks>
/// <para>
/// Created by <c>BackPropagation</c> of <see cref="MulticlassClassificationCatalog.MulticlassClassificationTrainers"/>, which
/// <see cref="BackPropagationCatalog"/> adds. The loss is the cross-entropy, −log of the predicted probability of the label's class, or a
/// squared error.
/// </para>
/// <para>
/// Input columns: a label of key type (see <c>MapValueToKey</c>), features as a vector of <see cref="float"/> of known size, and optionally
/// a weight of type <see cref="float"/>. Output columns: Score, a vector with the probability of every class, and PredictedLabel, a key.
/// The trainer scales the features itself.
/// </para>
/// </remarks>
public sealed class BackPropagationMulticlassTrainer : BackPropagationTrainer<BackPropagationMulticlassModelParameters>
{
    /// <summary>The options of <see cref="BackPropagationMulticlassTrainer"/>.</summary>
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
        /// the loss is that of its outputs. With logistic and tanh units each class has its own probability, and Score has these
        /// probabilities divided by their sum. <see cref="LabelSmoothing"/> and <see cref="ClassWeights"/> are parts of the cross-entropy
        /// and are not allowed with a squared error.
        /// </remarks>
        public Loss? Loss;

        /// <inheritdoc cref="BackPropagationBinaryTrainer.Options.LabelSmoothing"/>
        public double LabelSmoothing;

        /// <summary>
        /// How much the rows of each class count: <see cref="ClassWeights.Balanced"/> or <see cref="ClassWeights.Given"/>. Default: none;
        /// every row counts the same.
        /// </summary>
        public ClassWeights? ClassWeights;

        private protected override Loss BaseLoss => Loss ?? BpTrainer.Loss.CategoricalCrossEntropy();

        internal override void Check(IExceptionContext context)
        {
            ProbabilityOutput.Check(context, Loss, OutputActivation, isSoftmax: true);
            base.Check(context);
            ProbabilityOutput.CheckCrossEntropyOptions(context, Loss, LabelSmoothing, ClassWeights);
        }
    }

    private readonly Options _options;

    internal BackPropagationMulticlassTrainer(IHostEnvironment env, Options options)
        : base(env, "BackPropagationMulticlass", options = (Options)options.Copy(), TrainerUtils.MakeU4ScalarColumn) =>
        _options = options;

    private protected override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

    private protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        SchemaShape.Column label = FindLabel(inputSchema);

        // The key values of the label are the names of the classes; they also name the slots of the score.
        var labelNames = label.Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.KeyValues);
        return
        [
            new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false,
                new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label))),
            new(DefaultColumnNames.PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true,
                new SchemaShape(labelNames.Concat(AnnotationUtils.GetTrainerOutputAnnotation()))),
        ];
    }

    private protected override LearningTask FindTask(RoleMappedData data)
    {
        data.CheckMulticlassLabel(out int classes);
        int weights = _options.ClassWeights?.Count ?? classes;
        Host.CheckUserArg(
            weights == classes,
            nameof(Options.ClassWeights),
            $"{nameof(Options.ClassWeights)} has {weights} weights, but label column '{LabelColumn.Name}' has {classes} classes.");
        return LearningTask.Multiclass(
            classes, _options.Loss, _options.OutputActivation, _options.LabelSmoothing, _options.ClassWeights);
    }

    private protected override BackPropagationMulticlassModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);
}
