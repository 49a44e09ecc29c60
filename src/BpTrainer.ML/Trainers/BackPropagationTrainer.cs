using BpTrainer.Data;
using BpTrainer.ML.Shards;
using BpTrainer.ML.Training;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>The base class of the back-propagation trainers: reads the rows, trains networks and wraps them in a model.</summary>
/// <remarks>
/// The trainers need no normalization and no caching, and no NuGet package besides Microsoft.ML and BpTrainer.ML. Their models can be
/// exported to ONNX.
/// </remarks>
/// <typeparam name="TModel">The type of the model.</typeparam>
public abstract class BackPropagationTrainer<TModel> : TrainerEstimatorBase<BackPropagationTransformer<TModel>, TModel>
    where TModel : class
{
    // The network scales its inputs, and the rows are read once.
    private static readonly TrainerInfo s_info = new(
        normalization: false, calibration: false, caching: false, supportValid: true, supportIncrementalTrain: true);

    private readonly BackPropagationOptions _options;
    private readonly int _seed;

    private protected BackPropagationTrainer(
        IHostEnvironment env, string name, BackPropagationOptions options, Func<string, SchemaShape.Column> makeLabel)
        : base(env.Register(name), TrainerUtils.MakeR4VecFeature(options.FeatureColumnName), makeLabel(options.LabelColumnName),
            TrainerUtils.MakeR4ScalarWeightColumn(options.ExampleWeightColumnName))
    {
        options.Check(Host);
        _options = options;

        // Every draw changes the state of the host's generator, but a second Fit must give the same model.
        _seed = options.Seed ?? Host.Rand.Next();
    }

    /// <summary>Needs no normalization and no caching; takes validation data and an initial model.</summary>
    public override TrainerInfo Info => s_info;

    /// <summary>
    /// Trains on one set of rows and validates on another, instead of holding out a
    /// <see cref="BackPropagationOptions.ValidationFraction"/>.
    /// </summary>
    /// <param name="trainData">The training rows.</param>
    /// <param name="validationData">The validation rows, with the same columns.</param>
    /// <returns>The transformer that predicts.</returns>
    /// <exception cref="ArgumentException">The validation data lacks a column, has a different number of features or classes, or has keys
    /// that stand for other classes.</exception>
    public BackPropagationTransformer<TModel> Fit(IDataView trainData, IDataView validationData)
    {
        Host.CheckValue(validationData, nameof(validationData));
        CheckColumns(validationData, nameof(validationData));
        return TrainTransformer(trainData, validationData);
    }

    /// <summary>
    /// Trains on files in <see cref="BackPropagationOptions.Shards"/>, which the machines of <see cref="BackPropagationOptions.Cluster"/>
    /// read themselves; without a cluster, this machine reads them. With a cluster, the rows are never sent to this machine.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Every shard has consecutive files, and all shards have about the same number of files. Each shard holds out its share of the
    /// validation rows, which is the same for all networks of an ensemble, and shuffles its training rows in every epoch. Rows are stored
    /// with their zeros.
    /// </para>
    /// <para>
    /// Levenberg–Marquardt, Bayesian regularization, trials of hidden units, <see cref="ValidationRows.Last"/> and
    /// <see cref="BackPropagationOptions.ValidationData"/> are not supported. <see cref="BackPropagationOptions.MaximumMemory"/> applies to
    /// each machine.
    /// </para>
    /// </remarks>
    /// <param name="loader">The loader of the files, such as <c>mlContext.Data.CreateTextLoader&lt;Row&gt;(hasHeader: true)</c>.</param>
    /// <param name="steps">The fitted steps between the loader and this trainer; null for none. Steps with the user's own code need its
    /// assembly on all machines.</param>
    /// <param name="files">The names of the training files, which all machines must be able to read; at least one for each shard.</param>
    /// <param name="validationFiles">The names of files with validation rows, which are divided in the same way and replace the
    /// <see cref="BackPropagationOptions.ValidationFraction"/>. Default: none.</param>
    /// <returns>The transformer, which predicts from the output of the steps.</returns>
    /// <exception cref="ArgumentException">There are fewer files than shards, an option cannot be combined with shards, or the columns of
    /// the trainer are missing.</exception>
    /// <exception cref="InvalidOperationException">A shard has no usable rows, or they do not fit into the memory of its
    /// machine.</exception>
    public BackPropagationTransformer<TModel> Fit(
        IDataLoader<IMultiStreamSource> loader, ITransformer? steps, IReadOnlyList<string> files,
        IReadOnlyList<string>? validationFiles = null)
    {
        Host.CheckValue(loader, nameof(loader));
        Host.CheckValue(files, nameof(files));
        var division = new FileDivision(Host, _options, files, validationFiles ?? []);
        using IChannel channel = Host.Start("Training");
        var warnings = new WarningList(channel);

        // The columns, without rows.
        IDataView view = loader.Load(new MultiFileSource(null));
        view = steps?.Transform(view) ?? view;
        CheckColumns(view, nameof(steps));
        RoleMappedData data = MakeRoles(view);
        ColumnNames.CheckKeyCount(Host, warnings, data.Schema.Label!.Value);
        InitialModel? initial = FindInitialModel(channel, given: null, data);
        RowSource source = SourceOf(data);
        initial?.CheckImputation(Host, source.Features, _options.ImputeMissingFeatures);
        FilePlan plan = division.Plan(loader, steps, data.Schema, source.Task, _seed, FindGroup(data)?.Name) with
        {
            Imputes = initial is null ? _options.ImputeMissingFeatures : initial.Imputation is not null,
            Imputation = initial?.Imputation,
        };
        using IClusterTraining training = (_options.Cluster ?? new LocalCluster(Host)).Start(plan.Shards, _options.CancellationToken);
        using ShardedFileRows rows = ShardedFileRows.Read(warnings, source, training, plan, _options.CancellationToken);
        TrainedNetwork trained = MakeRun(warnings, source.Task, initial, _options).Train(rows);
        return MakeTransformer(ToModel(trained, source with { Imputation = rows.Imputation }, warnings), view.Schema);
    }

    /// <summary>Continues the training of a model, as <see cref="BackPropagationOptions.InitialModel"/> describes.</summary>
    /// <param name="trainData">The training rows.</param>
    /// <param name="validationData">The validation rows, with the same columns; null for none.</param>
    /// <param name="model">A fitted or loaded pipeline that contains such a trainer, or the trainer's transformer alone. It is not
    /// changed.</param>
    /// <returns>The transformer that predicts.</returns>
    /// <exception cref="ArgumentException">The model has no network for this task, or its layers or classes differ; the message says what
    /// differs.</exception>
    public BackPropagationTransformer<TModel> Fit(IDataView trainData, IDataView? validationData, ITransformer model)
    {
        Host.CheckValue(model, nameof(model));
        if (validationData is not null)
        {
            CheckColumns(validationData, nameof(validationData));
        }

        return TrainTransformer(trainData, validationData, BackPropagationTransformer<TModel>.FindInitialModel(Host, model, nameof(model)));
    }

    /// <summary>
    /// Trains a model on one or more new rows, in addition to what it has learned, like partial_fit of scikit-learn. Every network of the
    /// model makes passes over all of these rows at the constant learning rate of the <see cref="BackPropagationOptions.Optimizer"/>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The model keeps its scalings, its classes, its replacements for missing features and the weights of its networks in an ensemble. Its
    /// layers must be those that the options of this trainer require. There are no validation rows: the new model has the weights after the
    /// last pass. Only <see cref="BackPropagationOptions.TimeBudget"/>, a cancellation or <see cref="BackPropagationOptions.OnEpoch"/> can
    /// end the training earlier. The schedule, averaging and the options for choosing the best epoch are not used.
    /// </para>
    /// <para>
    /// If the model has the optimizer state (see <see cref="BackPropagationOptions.KeepOptimizerState"/>), training continues with it, and
    /// the new model has it too. A model that learns only new rows gradually forgets older ones. To slow this down, use a lower learning
    /// rate than in the first training, or add some older rows to the new ones.
    /// </para>
    /// </remarks>
    /// <param name="newData">The rows, with the columns that the trainer reads; they must fit into
    /// <see cref="BackPropagationOptions.MaximumMemory"/>.</param>
    /// <param name="model">A fitted or loaded pipeline that contains such a trainer, or the trainer's transformer alone. It is not
    /// changed.</param>
    /// <param name="numberOfEpochs">The number of passes over the rows, at least 1. Default: 1.</param>
    /// <returns>The transformer of the new model.</returns>
    /// <exception cref="ArgumentException">The model has no network for this task, or its layers or classes differ; the optimizer has no
    /// constant learning rate; or the class weights depend on the rows.</exception>
    public BackPropagationTransformer<TModel> PartialFit(IDataView newData, ITransformer model, int numberOfEpochs = 1)
    {
        Host.CheckValue(newData, nameof(newData));
        Host.CheckValue(model, nameof(model));
        BackPropagationOptions.CheckRange(
            Host, numberOfEpochs >= 1, nameof(numberOfEpochs), $"is {numberOfEpochs}, but must be at least 1.");
        BackPropagationOptions.CheckRange(
            Host, _options.Optimizer.TakesSchedule, nameof(_options.Optimizer),
            $"is {_options.Optimizer}, but must have a constant learning rate to learn from a few rows.");
        CheckColumns(newData, nameof(newData));
        using IChannel channel = Host.Start("Training");
        var warnings = new WarningList(channel);
        RoleMappedData data = MakeRoles(newData);
        InitialModel initial = BackPropagationTransformer<TModel>.FindInitialModel(Host, model, nameof(model))
            .Align(Host, channel, data.Schema.Label!.Value);
        RowSource source = TrainingSource(warnings, data, initial);
        BackPropagationOptions.CheckRange(
            Host, !source.Task.DependsOnShares, nameof(ClassWeights),
            $"is {ClassWeights.Balanced}, but must be given: a few rows do not show how frequent the classes are.");
        long memory = _options.RowMemory;
        using MemoryRows rows = MemoryRows.Read(warnings, source, "new", memory, _options.CancellationToken) ?? throw channel.Except(
            $"The rows do not fit into the {memory} bytes of {nameof(BackPropagationOptions.MaximumMemory)}.");
        bool keepsState = _options.KeepOptimizerState || initial.States.Count > 0;
        BackPropagationOptions options = _options.ForNewRows(initial.Networks.Count, keepsState, numberOfEpochs);
        TrainedNetwork trained = MakeRun(warnings, source.Task, initial, options).LearnMore(rows, initial);
        return MakeTransformer(ToModel(trained, source, warnings), newData.Schema);
    }

    /// <summary>
    /// Searches for a learning rate for the <see cref="BackPropagationOptions.Optimizer"/> with a range test: a short training of a network
    /// with these options on all rows, in which the rate grows from batch to batch. See <see cref="NetworkTrainer{T}.FindLearningRate"/>.
    /// The trainer is not changed.
    /// </summary>
    /// <param name="trainData">The training rows; they must fit into <see cref="BackPropagationOptions.MaximumMemory"/>.</param>
    /// <param name="lowest">The first rate, above 0. Default: 0.000001.</param>
    /// <param name="highest">The last rate, above the first. Default: 10.</param>
    /// <param name="updates">The number of batches of the test, from 10 to 1,000,000. Default: 200.</param>
    /// <returns>The loss at every rate, and a suggestion.</returns>
    /// <exception cref="ArgumentException">The optimizer has no learning rate to search for, or an argument is out of its
    /// range.</exception>
    public LearningRateCurve FindLearningRate(IDataView trainData, double lowest = 1e-6, double highest = 10, int updates = 200)
    {
        Host.CheckValue(trainData, nameof(trainData));
        using IChannel channel = Host.Start("Learning rate");
        var warnings = new WarningList(channel);
        RoleMappedData data = MakeRoles(trainData);
        InitialModel? initial = FindInitialModel(channel, given: null, data);
        RowSource source = TrainingSource(warnings, data, initial);
        long memory = _options.RowMemory;
        using MemoryRows rows = MemoryRows.Read(warnings, source, "training", memory, _options.CancellationToken) ?? throw channel.Except(
            $"The rows do not fit into the {memory} bytes of {nameof(BackPropagationOptions.MaximumMemory)}; " +
            "a range test needs only a few thousand rows.");
        return MakeRun(warnings, source.Task, initial, _options).FindLearningRate(rows, lowest, highest, updates);
    }

    /// <summary>
    /// Creates an estimator that trains like this trainer and then adds the codes of a hidden layer to data instead of predictions, for the
    /// next steps of a pipeline.
    /// </summary>
    /// <param name="hiddenLayer">The hidden layer, counted from 1.</param>
    /// <param name="outputColumnName">The name of the column of the codes.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="hiddenLayer"/> is below 1; <c>Fit</c> throws if it is above the number
    /// of hidden layers.</exception>
    public BackPropagationEncoderEstimator<TModel> AsEncoder(
        int hiddenLayer, string outputColumnName = BackPropagationEncoderModelParameters.DefaultOutputColumnName)
    {
        BackPropagationOptions.CheckRange(Host, hiddenLayer >= 1, nameof(hiddenLayer), $"is {hiddenLayer}, but must be 1 or more.");
        Host.CheckNonWhiteSpace(outputColumnName, nameof(outputColumnName));
        return new(this, hiddenLayer, outputColumnName);
    }

    private protected override TModel TrainModelCore(TrainContext trainContext)
    {
        Host.CheckValue(trainContext, nameof(trainContext));
        Host.CheckUserArg(
            _options is { Shards: 1, Cluster: null }, _options.Cluster is null ? nameof(_options.Shards) : nameof(_options.Cluster),
            $"{nameof(_options.Shards)} and {nameof(_options.Cluster)} are for training on files: call Fit(loader, steps, files).");
        using IChannel channel = Host.Start("Training");
        var warnings = new WarningList(channel);
        InitialModel? initial = FindInitialModel(channel, trainContext.InitialPredictor, trainContext.TrainingSet);
        RowSource source = TrainingSource(warnings, trainContext.TrainingSet, initial);
        long memory = _options.RowMemory;
        MemoryRows? validation = null;
        if (trainContext.ValidationSet is { } given)
        {
            validation = ReadValidation(warnings, given, "validationData", source, memory / 2);
        }
        else if (_options.ValidationData is { } view)
        {
            CheckColumns(view, nameof(_options.ValidationData));
            validation = ReadValidation(warnings, MakeRoles(view), nameof(_options.ValidationData), source, memory / 2);
        }

        bool isInOrder = validation is null && _options is { ValidationRows: ValidationRows.Last, ValidationFraction: > 0 };
        source = source with { Group = validation is null && !isInOrder ? FindGroup(source.Data) : null, IsInOrder = isInOrder };
        using TrainingRows rows = ReadTraining(warnings, source, memory - (validation?.Bytes ?? 0), validation?.Samples);
        return ToModel(MakeRun(warnings, source.Task, initial, _options).Train(rows), source, warnings);
    }

    private TModel ToModel(TrainedNetwork trained, RowSource source, WarningList warnings) => CreateModel(trained with
    {
        Imputation = source.Imputation,
        SlotNames = OutputNames(source.Label),
        Warnings = warnings.All,
    });

    /// <summary>The model whose training is continued, with its outputs in the order of the data.</summary>
    private InitialModel? FindInitialModel(IChannel channel, IPredictor? given, RoleMappedData data)
    {
        if (given is null && _options.InitialModel is { } transformer)
        {
            given = BackPropagationTransformer<TModel>.FindInitialModel(Host, transformer, nameof(_options.InitialModel));
        }

        return ((InitialModel?)given)?.Align(Host, channel, data.Schema.Label!.Value);
    }

    /// <summary>The training rows, with the replacements for missing features.</summary>
    private RowSource TrainingSource(WarningList warnings, RoleMappedData data, InitialModel? initial)
    {
        ColumnNames.CheckKeyCount(Host, warnings, data.Schema.Label!.Value);
        RowSource source = SourceOf(data);
        if (initial is not null)
        {
            initial.CheckImputation(Host, source.Features, _options.ImputeMissingFeatures);
            source = source with { Imputation = initial.Imputation };
        }
        else if (_options.ImputeMissingFeatures)
        {
            MissingSurvey survey = MissingSurvey.Of(source, _options.CancellationToken);
            source = source with { Imputation = survey.ToImputation(warnings, source.FeatureNames) };
        }

        return source with { IsSparse = SparseFeatures.Detect(warnings, source, _options) };
    }

    private RowSource SourceOf(RoleMappedData data)
    {
        data.CheckFeatureFloatVector();
        data.CheckOptFloatWeight();
        return new RowSource(data, FindTask(data));
    }

    /// <summary>The training rows: in memory if they fit, otherwise streamed.</summary>
    private TrainingRows ReadTraining(WarningList warnings, RowSource source, long memory, DataSet<float>? validation)
    {
        if (MemoryRows.Read(warnings, source, "training", memory, _options.CancellationToken, validation) is { } rows)
        {
            return rows;
        }

        StreamedSplit split = source.IsInOrder
            ? new ValidationTail(RowReader.Count(source, _options.CancellationToken), _options.ValidationFraction)
            : new ValidationDraw(validation is null ? _options.ValidationFraction : 0, _seed);
        bool isEncoded = _options.FeatureEncoding.Bins > 0;
        return new StreamedRows(warnings, source, memory, validation, split, isEncoded, _options.CancellationToken);
    }

    private TrainingRun MakeRun(WarningList warnings, LearningTask task, InitialModel? initial, BackPropagationOptions options) =>
        new(Host, warnings, options, task, initial, LabelColumn.Name, _seed);

    /// <summary>The column whose groups are kept together when the validation part is drawn; null for none.</summary>
    private DataViewSchema.Column? FindGroup(RoleMappedData data) =>
        _options.ValidationFraction > 0 && (_options.RowGroupColumnName ?? data.Schema.Group?.Name) is { } name
            ? RowGroups.Find(Host, data.Schema.Schema, name)
            : null;

    private MemoryRows ReadValidation(WarningList warnings, RoleMappedData data, string name, RowSource training, long memory)
    {
        RowSource source = SourceOf(data) with { Imputation = training.Imputation, IsSparse = training.IsSparse };
        Host.CheckUserArg(
            source.Features == training.Features,
            name,
            $"{name} has {source.Features} features, but the training data has {training.Features}.");
        Host.CheckUserArg(
            source.Task == training.Task,
            name,
            $"{name} does not have the same number of classes or labels as the training data.");
        ColumnNames.CheckSame(Host, training.Label, source.Label, name);
        ColumnNames.CheckSame(Host, training.Feature, source.Feature, name);
        return MemoryRows.Read(warnings, source, "validation", memory, _options.CancellationToken) ?? throw warnings.Channel.Except(
            $"The validation data does not fit into {memory} bytes, half of {nameof(BackPropagationOptions.MaximumMemory)}; " +
            "it is kept in memory, so give fewer rows or allow more memory.");
    }

    /// <summary>Throws if validation data lacks columns that the trainer reads; the message names the argument or option.</summary>
    private void CheckColumns(IDataView validation, string name)
    {
        try
        {
            GetOutputSchema(SchemaShape.Create(validation.Schema));
        }
        catch (ArgumentException e)
        {
            throw Host.ExceptUserArg(name, $"{name} does not have the columns that the trainer reads: {e.Message}");
        }
    }

    /// <summary>Checks the label column and finds what is to be learned.</summary>
    private protected abstract LearningTask FindTask(RoleMappedData data);

    /// <summary>The names of the outputs that the model keeps; empty for none.</summary>
    private protected virtual string[] OutputNames(DataViewSchema.Column label) => [];

    private protected abstract TModel CreateModel(TrainedNetwork trained);

    private protected sealed override BackPropagationTransformer<TModel> MakeTransformer(TModel model, DataViewSchema trainSchema) =>
        new(Host, PredictionKind switch
        {
            PredictionKind.BinaryClassification => new BinaryPredictionTransformer<TModel>(Host, model, trainSchema, FeatureColumn.Name),
            PredictionKind.MulticlassClassification =>
                new MulticlassPredictionTransformer<TModel>(Host, model, trainSchema, FeatureColumn.Name, LabelColumn.Name),
            _ => new RegressionPredictionTransformer<TModel>(Host, model, trainSchema, FeatureColumn.Name),
        });

    private protected SchemaShape.Column FindLabel(SchemaShape inputSchema)
    {
        bool found = inputSchema.TryFindColumn(LabelColumn.Name, out SchemaShape.Column label);
        Host.Check(found, $"There is no label column '{LabelColumn.Name}'.");
        return label;
    }

    /// <summary>Throws if the label is not of type <see cref="float"/>, is a vector but should be a number, or is a number but should be a
    /// vector.</summary>
    private protected void CheckLabel(SchemaShape.Column label, SchemaShape.Column.VectorKind kind, string expected)
    {
        if (label.ItemType != NumberDataViewType.Single || label.Kind != kind)
        {
            throw Host.ExceptSchemaMismatch("labelCol", "label", label.Name, expected, label.GetTypeString());
        }
    }

    /// <summary>A scalar output column, with the annotations of ML.NET's own trainers.</summary>
    private protected static SchemaShape.Column ScalarOutput(string name, DataViewType type, bool isProbability = false) => new(
        name, SchemaShape.Column.VectorKind.Scalar, type, isKey: false,
        new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation(isProbability)));

    /// <summary>A vector output column with the annotations of ML.NET's own trainers, and with slot names if there are some.</summary>
    private protected static SchemaShape.Column VectorOutput(
        string name, DataViewType itemType, IEnumerable<SchemaShape.Column> slotNames) => new(
        name, SchemaShape.Column.VectorKind.Vector, itemType, isKey: false,
        new SchemaShape(slotNames.Concat(AnnotationUtils.GetTrainerOutputAnnotation())));

    /// <summary>The annotation with the slot names of a label; empty if it has none.</summary>
    private protected static IEnumerable<SchemaShape.Column> SlotNames(SchemaShape.Column label) =>
        label.Annotations.Where(annotation => label.HasSlotNames() && annotation.Name == AnnotationUtils.Kinds.SlotNames);
}
