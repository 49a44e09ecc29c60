using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>What the three back-propagation trainers have in common: read the rows, train a network, wrap it in a model.</summary>
/// <typeparam name="TModel">The type of the model.</typeparam>
public abstract class BackPropagationTrainer<TModel> : TrainerEstimatorBase<BackPropagationTransformer<TModel>, TModel>
    where TModel : class
{
    // The network scales its inputs itself, and the rows are read only once.
    private static readonly TrainerInfo TheInfo = new(normalization: false, calibration: false, caching: false, supportValid: true);

    private readonly BackPropagationOptions _options;
    private readonly int _seed;

    private protected BackPropagationTrainer(IHostEnvironment env, string name, BackPropagationOptions options, SchemaShape.Column label)
        : base(env.Register(name), TrainerUtils.MakeR4VecFeature(options.FeatureColumnName), label,
            TrainerUtils.MakeR4ScalarWeightColumn(options.ExampleWeightColumnName))
    {
        options.Check(Host);
        _options = options;

        // The host's generator moves on with every number, and a second Fit shall give the same model.
        _seed = options.Seed ?? Host.Rand.Next();
    }

    /// <summary>What a pipeline should know about the trainer: it needs no normalization and no caching, and takes validation data.</summary>
    public override TrainerInfo Info => TheInfo;

    /// <summary>Trains on one set of rows and watches the error on another; <see cref="BackPropagationOptions.ValidationFraction"/> is not used.</summary>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="validationData">The rows to watch the error on, with the same columns.</param>
    /// <returns>The transformer that predicts.</returns>
    public BackPropagationTransformer<TModel> Fit(IDataView trainData, IDataView validationData)
    {
        Host.CheckValue(validationData, nameof(validationData));
        return TrainTransformer(trainData, validationData);
    }

    /// <summary>
    /// Looks for a good <see cref="BackPropagationOptions.LearningRate"/> by a range test: a short training of the network of these options on all rows,
    /// whose rate grows from batch to batch. See <see cref="LearningRateFinder"/>. Nothing is kept of it but the curve.
    /// </summary>
    /// <param name="trainData">The rows to learn from; they must fit into <see cref="BackPropagationOptions.MaximumMemory"/>.</param>
    /// <param name="lowest">The first rate, above 0. Default: 0.000001.</param>
    /// <param name="highest">The last rate, above the first. Default: 10.</param>
    /// <param name="updates">The batches of the test, at least 10. Default: 200.</param>
    /// <returns>The loss at every rate, and a suggestion.</returns>
    /// <exception cref="ArgumentException">The options have no learning rate that can be looked for, or a figure is out of its range.</exception>
    public LearningRateCurve FindLearningRate(IDataView trainData, double lowest = 1e-6, double highest = 10, int updates = 200)
    {
        Host.CheckValue(trainData, nameof(trainData));
        RoleMappedData data = MakeRoles(trainData);
        using IChannel channel = Host.Start("Learning rate");
        data.CheckFeatureFloatVector(out int columns);
        data.CheckOptFloatWeight();
        LearningTask task = FindTask(data);
        long memory = _options.MaximumMemory ?? BackPropagationDefaults.MaximumMemory;
        DataSet<float> rows = TrainingRows.Read(channel, data, columns, task, "training", memory, _options.CancellationToken)
            ?? throw channel.Except($"The rows do not fit into the {memory} bytes of {nameof(BackPropagationOptions.MaximumMemory)}; a range test needs no more than some thousand of them.");
        return new EngineRun(Host, channel, _options, task, LabelColumn.Name, _seed).FindLearningRate(rows, lowest, highest, updates);
    }

    private protected override TModel TrainModelCore(TrainContext trainContext)
    {
        Host.CheckValue(trainContext, nameof(trainContext));
        RoleMappedData data = trainContext.TrainingSet;
        using IChannel channel = Host.Start("Training");
        data.CheckFeatureFloatVector(out int columns);
        data.CheckOptFloatWeight();
        LearningTask task = FindTask(data);
        long memory = _options.MaximumMemory ?? BackPropagationDefaults.MaximumMemory;
        DataSet<float>? validation = null;
        if (trainContext.ValidationSet is RoleMappedData watched)
        {
            validation = ReadValidation(channel, watched, columns, task, memory / 2);
            memory -= RowStore.BytesOf(validation);
        }

        var run = new EngineRun(Host, channel, _options, task, LabelColumn.Name, _seed);
        DataSet<float>? rows = TrainingRows.Read(channel, data, columns, task, "training", memory, _options.CancellationToken);
        TrainedNetwork trained = rows is null ? run.Stream(data, columns, memory, validation) : run.Train(rows, validation);
        return CreateModel(trained, data.Schema.Label!.Value);
    }

    private DataSet<float> ReadValidation(IChannel channel, RoleMappedData data, int columns, LearningTask task, long memory)
    {
        data.CheckFeatureFloatVector(out int watchedColumns);
        Host.CheckParam(watchedColumns == columns, "validationData", $"The validation data has {watchedColumns} features, but the training data {columns}.");
        Host.CheckParam(FindTask(data) == task, "validationData", "The validation data has another number of classes or labels than the training data.");
        return TrainingRows.Read(channel, data, columns, task, "validation", memory, _options.CancellationToken)
            ?? throw channel.Except($"The validation data does not fit into {memory} bytes, half of {nameof(BackPropagationOptions.MaximumMemory)}; it is held in memory, so give less of it, or more memory.");
    }

    /// <summary>Checks the label column and says what is to be learned from it.</summary>
    private protected abstract LearningTask FindTask(RoleMappedData data);

    /// <summary>Wraps a trained network in a model.</summary>
    /// <param name="trained">The network.</param>
    /// <param name="label">The label column that it was trained on.</param>
    private protected abstract TModel CreateModel(TrainedNetwork trained, DataViewSchema.Column label);

    private protected sealed override BackPropagationTransformer<TModel> MakeTransformer(TModel model, DataViewSchema trainSchema) =>
        new(Host, MakeRowByRowTransformer(model, trainSchema));

    /// <summary>Makes ML.NET's prediction transformer for the task.</summary>
    private protected abstract ISingleFeaturePredictionTransformer<TModel> MakeRowByRowTransformer(TModel model, DataViewSchema trainSchema);

    /// <summary>A scalar output column, with the annotations of ML.NET's own trainers.</summary>
    private protected static SchemaShape.Column ScalarOutput(string name, DataViewType type, bool isProbability = false) => new(
        name, SchemaShape.Column.VectorKind.Scalar, type, isKey: false, new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation(isProbability)));
}
