using BpTrainer.ML.Training;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>Tells several classes apart with a feed-forward neural network trained by back-propagation.</summary>
/// <remarks>
/// <para>
/// Created by <c>BackPropagation</c> of <see cref="MulticlassClassificationCatalog.MulticlassClassificationTrainers"/>, which
/// <see cref="BackPropagationCatalog"/> adds. The loss is the cross-entropy, −log of the probability given to the class of the label.
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

        /// <summary>Creates options with the values of a preset, which may be changed one by one.</summary>
        /// <param name="preset">The preset.</param>
        /// <exception cref="ArgumentOutOfRangeException"><paramref name="preset"/> is none of its values.</exception>
        public Options(Preset preset)
            : base(preset)
        {
        }

        /// <inheritdoc cref="BackPropagationBinaryTrainer.Options.LabelSmoothing"/>
        public double LabelSmoothing;

        /// <summary>
        /// How much the rows of each class count: <see cref="ClassWeights.Balanced"/> or <see cref="ClassWeights.Given"/>. Default: none,
        /// every row counts the same.
        /// </summary>
        public ClassWeights? ClassWeights;

        private protected override Loss BaseLoss => BpTrainer.Loss.CategoricalCrossEntropy();

        internal override void Check(IExceptionContext context)
        {
            base.Check(context);
            CheckShare(context, LabelSmoothing, nameof(LabelSmoothing));
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

        // The names of the classes travel as key values of the label, and name the slots of the score.
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
        return LearningTask.Multiclass(classes, _options.LabelSmoothing, _options.ClassWeights);
    }

    private protected override BackPropagationMulticlassModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);
}
