using BpTrainer.Losses;
using BpTrainer.Numbers;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>The options that all back-propagation trainers share: the shape of the network, how it learns and when it stops.</summary>
/// <remarks>
/// The options are checked and copied when the trainer is created: an option outside its range throws
/// <see cref="ArgumentOutOfRangeException"/> with its name, and later changes have no effect. If the options need more memory than the
/// machine has, <c>Fit</c>, which knows the data, throws before it allocates any.
/// </remarks>
public abstract class BackPropagationOptions : TrainerInputBaseWithGroupId
{
    internal const double DefaultLearningRate = 0.03;
    private const double DefaultWeightDecay = 0.02;

    /// <summary>η of the worked examples.</summary>
    private const double TextbookLearningRate = 0.5;

    /// <summary>The warm-up of the default schedule, as a share of the epochs.</summary>
    private const double WarmUpShare = 0.05;

    private protected BackPropagationOptions(Preset preset)
    {
        switch (preset)
        {
            case Preset.Default:
                break;
            case Preset.Fast:
                Ensemble = 1;
                break;
            case Preset.Classic:
                HiddenLayers = HiddenLayers.Of(Activation.Tanh, 64);
                FeatureEncoding = FeatureEncoding.None;
                OutputInitializer = Initializer.Zero;
                Optimizer = Optimizer.AdaptiveMomentum();
                Ensemble = 1;
                break;
            case Preset.Textbook:
                HiddenLayers = HiddenLayers.Rule(activation: Activation.Logistic);
                FeatureEncoding = FeatureEncoding.None;
                FeatureScaling = Scaling.None;
                OutputInitializer = Initializer.Glorot.WithUniformBiases();
                Optimizer = Optimizer.GradientDescent(TextbookLearningRate);
                Schedule = LearningRateSchedule.Constant;
                Regularization = new();
                Ensemble = 1;
                BatchSize = 1;
                ValidationFraction = 0;
                Shuffle = false;
                break;
            default:
                throw Guard.OutOfRange(nameof(preset), preset, "Default, Fast, Classic or Textbook");
        }
    }

    /// <summary>
    /// The hidden layers, from the inputs to the outputs: sizes such as <c>[20, 10]</c>, whose activation is ReLU in a network that reads
    /// codes and otherwise SiLU, <c>HiddenLayers.Of(Activation.Tanh, 20, 10)</c>, <c>HiddenLayers.Rule()</c>, or layer specifications with
    /// activation, initial weights and bias. <c>HiddenLayers.TryRule()</c>, <c>HiddenLayers.Try([4, 8, 16])</c> and
    /// <c>HiddenLayers.Grow(50)</c> let training find the number of units of one hidden layer. <see cref="Activation.HardLimit"/> is not
    /// allowed, because nothing can be learned through it. <c>[]</c> is linear, logistic or softmax regression. Default: two layers of 128
    /// units.
    /// </summary>
    public HiddenLayers HiddenLayers = [128, 128];

    /// <summary>
    /// Whether the networks read codes of the features in addition to the features: <c>FeatureEncoding.Auto</c>,
    /// <c>FeatureEncoding.None</c> or <c>FeatureEncoding.PiecewiseLinear(16)</c>. Codes cannot be combined with dropout of inputs or with
    /// Levenberg–Marquardt; Auto then leaves them out. Default: <see cref="FeatureEncoding.Auto"/>.
    /// </summary>
    public FeatureEncoding FeatureEncoding = FeatureEncoding.Auto;

    /// <summary>
    /// How the initial weights of the output layer are drawn. Default: <see cref="Initializer.Zero"/>, so that training starts from the
    /// mean of the labels; this generalizes better on small, nearly linear sets.
    /// </summary>
    public Initializer OutputInitializer = Initializer.Zero;

    /// <summary>
    /// The activation of the output layer. Default: that of the task: linear for a regression, exponential with
    /// <see cref="Loss.Poisson"/>, logistic or softmax for a classification.
    /// </summary>
    /// <remarks>
    /// A regression takes every activation that its loss is defined for. The labels must lie in the range of the activation or be scaled to
    /// it, for example by <c>LabelScaling = Scaling.MinMax(0, 1)</c> for <see cref="Activation.Logistic"/>. A classification takes
    /// activations whose outputs are probabilities. With a squared error it also takes <see cref="Activation.Tanh"/>, which learns the
    /// targets −1 and 1 and whose probability is (1 + tanh z) / 2.
    /// </remarks>
    public Activation? OutputActivation;

    /// <summary>
    /// Which biases the output layer has; <see cref="OutputInitializer"/> sets their initial values. For hidden layers, see
    /// <see cref="LayerSpec.Bias"/>. Default: <see cref="BiasKind.PerUnit"/>.
    /// </summary>
    public BiasKind OutputBias = BiasKind.PerUnit;

    /// <summary>
    /// The optimizer with its learning rate and other parameters, such as <c>Optimizer.Momentum(0.05)</c>,
    /// <c>Optimizer.AdaptiveMomentum()</c> or <c>Optimizer.Adam(0.002)</c>. Resilient propagation and the optimizers without a learning
    /// rate take all rows as one batch, which must fit into <see cref="MaximumMemory"/>. Default: momentum with a learning rate of 0.03.
    /// </summary>
    public Optimizer Optimizer = Optimizer.Momentum(DefaultLearningRate);

    /// <summary>
    /// How the learning rate changes during training, such as <c>LearningRateSchedule.Cosine().WithWarmUp(5)</c>. Not allowed with an
    /// optimizer that adapts the rate itself. Default: a linear warm-up in the first twentieth of the epochs, then along a cosine to 0;
    /// constant with an optimizer that takes no schedule, or if the number of updates has no limit.
    /// </summary>
    public LearningRateSchedule? Schedule;

    /// <summary>
    /// The average of the weights that the model gets instead of the last or best ones: <c>WeightAveraging.Exponential(0.99)</c> or
    /// <c>WeightAveraging.LastEpochs(10)</c>. The validation rows judge the average. Default: none.
    /// </summary>
    public WeightAveraging? Averaging;

    /// <summary>
    /// How many networks are trained from different initial weights, and how they are used: with <c>5</c>, five networks predict together
    /// by the mean of their outputs; <c>Ensemble.BestOf(5)</c> keeps the network with the lowest loss; <c>Ensemble.Auto</c> chooses the
    /// number by the amount of work. If there are enough threads, the networks are trained in parallel. Default:
    /// <see cref="Ensemble.Auto"/>.
    /// </summary>
    public Ensemble Ensemble = Ensemble.Auto;

    /// <summary>
    /// Penalties on weights, clipping of gradients, bounds of norms, and dropout: <c>new() { HiddenDropout = [0.5] }</c> for all hidden
    /// layers, <c>[0.2, 0.5]</c> for two of them. <c>new()</c> is no regularization. Default: a weight decay of 0.02, and the norm of the
    /// gradient is clipped at 10. An optimizer that has no learning rate or adapts it itself gets neither, and AdamW, which has its own
    /// decay, gets only the clipping.
    /// </summary>
    public Regularization? Regularization;

    /// <summary>
    /// The number of rows per step, at least 1; 1 is online learning, <see cref="int.MaxValue"/> takes all rows at once. Default: the
    /// number of rows / 32, from 8 to 128, or all rows for an optimizer that needs them.
    /// </summary>
    public int? BatchSize;

    /// <summary>
    /// The maximum number of passes over the training rows, at least 1. Default: as many as make 2,000 updates with the default batch size,
    /// and at least 50: 2,000 on 4 rows, 400 on 40, 61 on 1,000, and 50 from 5,000 on.
    /// </summary>
    public int? NumberOfEpochs;

    /// <summary>
    /// The share of the rows, in [0, 1), that is held out to measure the validation loss; classes stay in proportion. If this gives fewer
    /// than 10 rows, no rows are held out. Not used when <c>Fit</c> or <see cref="ValidationData"/> gives validation data. Default: 0.15.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Each network of an ensemble that predicts together draws its own validation part, so that all rows are used for training and the
    /// networks differ more. Networks of which the best is kept share one validation part, because their losses are compared; so do
    /// networks that learn from streamed rows.
    /// </para>
    /// <para>
    /// If several rows belong to one patient, customer or series, set <c>RowGroupColumnName</c> to the column that identifies it, a key,
    /// text or integer. Rows with the same value then go to the same part, and classes stay in proportion as nearly as whole groups allow.
    /// Rows without a value are one group. If the groups make no validation part, training goes on without one, and a warning says so.
    /// </para>
    /// </remarks>
    public double ValidationFraction = 0.15;

    /// <summary>
    /// Which rows are held out: some drawn at random, or the last ones in the order of the data view, which for a series is the order of
    /// time. Default: <see cref="ValidationRows.Random"/>.
    /// </summary>
    public ValidationRows ValidationRows = ValidationRows.Random;

    /// <summary>
    /// Validation data for a trainer inside a pipeline, whose <c>Fit</c> takes none. It must have the columns that reach the trainer, so
    /// transform it with the steps before the trainer, fitted to the training data:
    /// <c>ValidationData = steps.Fit(train).Transform(validation)</c>. Validation data given to <c>Fit</c> takes precedence. Default: none.
    /// </summary>
    public IDataView? ValidationData;

    /// <summary>
    /// Training stops after this many epochs in a row, at least 1, without a lower validation loss; the best weights are kept. Default: a
    /// fifth of the default <see cref="NumberOfEpochs"/>, which is 10 on large sets and more on small ones.
    /// </summary>
    /// <remarks>
    /// Many trainings begin on a plateau, where an epoch counts only as a tenth. The plateau lasts while the validation loss has not yet
    /// been 1 % below that of the best constant prediction, such as the mean of the labels, and is at most 10 % above it.
    /// </remarks>
    public int? EarlyStoppingRounds;

    /// <summary>
    /// How the network scales each feature before its first layer: <see cref="Scaling.Standardize"/>, <c>Scaling.MinMax(0, 1)</c>,
    /// <see cref="Scaling.Limit"/> where steps before the trainer have scaled them, or <see cref="Scaling.None"/>. Default:
    /// <see cref="Scaling.Standardize"/>.
    /// </summary>
    /// <remarks>
    /// Features stored without their zeros are scaled around 0, as <see cref="ColumnScaling.StandardizeInputs"/> describes. A
    /// <see cref="Scaling.MinMax"/> that does not map 0 to 0 works for them too, but is as slow as with rows that store their zeros.
    /// </remarks>
    public Scaling FeatureScaling = Scaling.Standardize;

    /// <summary>
    /// Whether a missing feature (NaN) is replaced by its mean over the training rows that have it. For each feature that may be missing,
    /// the network gets one more input, which is 1 where the feature is missing. The model does the same when it predicts. This takes one
    /// more pass over the training rows. Infinite features do not count as missing. Default: <see langword="false"/>: rows with a missing
    /// feature are left out of training, and their score is NaN.
    /// </summary>
    /// <remarks>The mean alone would hide that a value is missing, but this may itself be informative (Rubin, Biometrika 63,
    /// 1976).</remarks>
    public bool ImputeMissingFeatures;

    /// <summary>Training stops when the training loss is at or below this, at least 0. Default: none.</summary>
    public double? TargetLoss;

    /// <summary>The maximum number of updates of the weights, at least 1; the last epoch may be incomplete. Default: none.</summary>
    public long? MaximumUpdates;

    /// <summary>
    /// The maximum time from the end of reading to the end of training, above 0 and at most 24 days, for all networks of an ensemble
    /// together. The model has the best weights of complete epochs; if there are none, <c>Fit</c> throws. Default: none.
    /// </summary>
    public TimeSpan? TimeBudget;

    /// <summary>
    /// Training stops when the norm of the gradient over all rows is at or below this after an epoch, at least 0. This takes one more pass
    /// over the rows in every epoch. Default: none, without that pass.
    /// </summary>
    public double? MinimumGradient;

    /// <summary>
    /// Called after every epoch of every network with its losses, learning rate and time, and with the network in its current state. It may
    /// stop the training of all networks; the model is then the best so far. It is called on the training threads, but only one call at a
    /// time. Default: none.
    /// </summary>
    /// <remarks>
    /// A network whose validation loss is less than 5 % below that of the best constant prediction has learned nothing. It is trained once
    /// more from other weights, again from epoch 1, and the better of the two is kept. This does not happen if the training was stopped or
    /// continues an <see cref="InitialModel"/>.
    /// </remarks>
    public Action<EpochProgress<float>>? OnEpoch;

    /// <summary>
    /// The model whose training is continued, instead of starting from random weights: a fitted or loaded pipeline that contains such a
    /// trainer (the last one is used), or the trainer's transformer alone. A model given to <c>Fit</c> takes precedence. Default: none.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The model must have the layers that these options and the data require. If both label and model have names for the classes, or for
    /// the slots of a vector, the names must be the same; if their order differs, the outputs of the model are reordered and the optimizer
    /// starts anew. The model keeps its scalings of features and labels and its replacements for missing features, so
    /// <see cref="FeatureScaling"/> and the scaling of labels are not used. An ensemble is continued as a whole: <see cref="Ensemble"/>
    /// must have its size. The given model is not changed.
    /// </para>
    /// <para>
    /// The optimizer starts anew unless the model has its state; see <see cref="KeepOptimizerState"/>. A schedule starts anew. The initial
    /// weights are not compared with the new ones: the new model has the weights of the best epoch of the new training.
    /// </para>
    /// <para>
    /// Give both trainings the same <see cref="Seed"/>, or give validation data: another seed draws other validation rows, and the model
    /// was already trained on most of them.
    /// </para>
    /// </remarks>
    public ITransformer? InitialModel;

    /// <summary>
    /// Whether the model, and its file, keep the state of the optimizer at the model's weights, so that training from it as
    /// <see cref="InitialModel"/> with the same optimizer continues with that state. The state takes one number for each parameter with
    /// momentum and two with Adam. Not allowed with an optimizer that has no learning rate. Default: <see langword="false"/>.
    /// </summary>
    public bool KeepOptimizerState;

    /// <summary>Whether every epoch takes the rows in a new order. Default: <see langword="true"/>.</summary>
    public bool Shuffle = true;

    /// <summary>
    /// The seed of everything random: initial weights, order of the rows, validation part, dropout. The same seed and rows give the same
    /// weights bit for bit. Default: drawn from the <see cref="MLContext"/> when the trainer is created.
    /// </summary>
    public int? Seed;

    /// <summary>
    /// The maximum number of threads, at least 1. The model is the same, bit for bit, for every number. Default: the number of processors.
    /// </summary>
    public int? NumberOfThreads;

    /// <summary>
    /// The maximum number of bytes that training and validation rows take in memory, above 0: features, targets and weights as
    /// <see cref="float"/>, and 8 bytes for each row for their order. It is never more than the memory of the machine or of its container.
    /// Default: half of that memory.
    /// </summary>
    /// <remarks>
    /// <para>
    /// If the rows need more, they are streamed: every epoch reads them from the data view again, in blocks that fit, and takes the rows of
    /// a block in random order. A data view that can shuffle also returns the rows in a new order in every epoch. If the data view cannot
    /// shuffle, such as a text file, its rows should be in no particular order or go through <c>mlContext.Data.ShuffleRows</c> first. One
    /// pass before the first epoch counts the rows and computes the mean and spread of the columns. An adaptive learning rate reads the
    /// data twice an epoch.
    /// </para>
    /// <para>
    /// The validation part of streamed rows is drawn row by row, so classes stay in proportion only on average. It takes at most a quarter
    /// of this memory: its share is halved until it fits. Given validation data must fit into half of this memory.
    /// </para>
    /// </remarks>
    public long? MaximumMemory;

    /// <summary>
    /// The machines that train on files. Each reads the files of its <see cref="Shards"/> and keeps their rows in memory. Default: none;
    /// <c>Fit</c> then computes all shards on this machine, with the same result, bit for bit.
    /// </summary>
    public ITrainingCluster? Cluster;

    /// <summary>
    /// The number of shards into which files are divided for training, from 1 to the number of files. Not allowed with <c>Fit</c> on a data
    /// view. Default: 1.
    /// </summary>
    /// <remarks>
    /// The model depends on the number of shards, but not on the machines that have them. A machine has complete shards, so use at least as
    /// many shards as machines; a power of two that is divided evenly among them sends the fewest bytes. With one shard, the model is the
    /// same as with <c>Fit</c> on a data view of the files, if all its networks share a validation part and the rows are in memory with
    /// their zeros.
    /// </remarks>
    public int Shards = 1;

    /// <summary>
    /// Stops training at the end of a batch. The model then has the best weights of the complete epochs so far, and its <c>StopReason</c>
    /// is <see cref="StopReason.Cancelled"/>. If no epoch is complete, <c>Fit</c> throws <see cref="OperationCanceledException"/>. Default:
    /// none.
    /// </summary>
    public CancellationToken CancellationToken;

    /// <summary>
    /// The maximum number of bytes that the rows may take. The default is half of what the runtime may use: the memory of the machine or
    /// the limit of its container. It does not depend on how much is free at the moment, so that the same machine always trains in the same
    /// way.
    /// </summary>
    internal long RowMemory => Math.Min(MaximumMemory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, MemorySize.Available);

    /// <summary>A copy that later changes to these options do not affect.</summary>
    internal BackPropagationOptions Copy() => (BackPropagationOptions)MemberwiseClone();

    /// <summary>
    /// A copy for training a model with this number of networks on a few new rows: at a constant rate, with all rows in every epoch,
    /// without a validation part and without the rules that stop a training because of its losses.
    /// </summary>
    internal BackPropagationOptions ForNewRows(int networks, bool keepsOptimizerState, int numberOfEpochs)
    {
        BackPropagationOptions copy = Copy();
        copy.Ensemble = networks;
        copy.KeepOptimizerState = keepsOptimizerState;
        copy.NumberOfEpochs = numberOfEpochs;
        copy.Schedule = LearningRateSchedule.Constant;
        copy.Averaging = null;
        copy.ValidationFraction = 0;
        copy.TargetLoss = null;
        copy.MinimumGradient = null;
        copy.MaximumUpdates = null;
        return copy;
    }

    /// <summary>The size of a batch; small sets get small batches, so that an epoch still has a few dozen steps.</summary>
    internal int BatchSizeFor(long rows) =>
        BatchSize ?? (Optimizer.IsFullBatchOnly ? TrainingOptions.FullBatch : TrainingLengthRule.BatchSize(rows));

    /// <summary>Throws when an option is out of its range, the way ML.NET's trainers do.</summary>
    internal virtual void Check(IExceptionContext context)
    {
        context.CheckUserArg(HiddenLayers is not null, nameof(HiddenLayers), "is null; [] means no hidden layer.");
        HiddenLayers!.Check(context, nameof(HiddenLayers));
        context.CheckUserArg(FeatureEncoding is not null, nameof(FeatureEncoding), "is null; FeatureEncoding.None means no codes.");
        context.CheckUserArg(FeatureScaling is not null, nameof(FeatureScaling), "is null; Scaling.None leaves features as they are.");
        context.CheckUserArg(OutputInitializer is not null, nameof(OutputInitializer), "is null.");
        context.CheckUserArg(Ensemble is not null, nameof(Ensemble), "is null; 1 means a single network.");
        Check(context, nameof(OutputBias), () => _ = OutputLayer(Activation.Linear).Arrange<float>());
        Check(context, nameof(OutputActivation), CheckOutputActivation);
        CheckRange(context, Ensemble!.Size >= 1, nameof(Ensemble), $"is {Ensemble}, but must have at least 1 network.");
        CheckShare(context, ValidationFraction, nameof(ValidationFraction));
        CheckRange(
            context, Enum.IsDefined(ValidationRows), nameof(ValidationRows), $"is {ValidationRows}, but must be Random or Last.");
        context.CheckUserArg(
            ValidationRows == ValidationRows.Random || RowGroupColumnName is null,
            nameof(RowGroupColumnName),
            $"{nameof(RowGroupColumnName)} is '{RowGroupColumnName}', but {nameof(ValidationRows)} is {ValidationRows}, " +
            $"which takes rows by their order, not by groups: it must be null, or {nameof(ValidationRows)} must be Random.");
        CheckRange(context, NumberOfThreads is null or >= 1, nameof(NumberOfThreads), $"is {NumberOfThreads}, but must be at least 1.");
        CheckRange(context, Shards >= 1, nameof(Shards), $"is {Shards}, but must be at least 1.");
        CheckRange(context, MaximumMemory is null or > 0, nameof(MaximumMemory), $"is {MaximumMemory}, but must be above 0.");
        context.CheckUserArg(Optimizer is not null, nameof(Optimizer), "is null.");
        Check(context, nameof(Optimizer), Optimizer!.Validate);
        Check(context, nameof(Schedule), () => Schedule?.Validate());
        Check(context, nameof(Averaging), () => Averaging?.Validate());
        context.CheckUserArg(
            HiddenLayers.Trials is not { Folds: > 0 } || ValidationRows == ValidationRows.Random,
            nameof(HiddenLayers),
            $"{nameof(HiddenLayers)} is {HiddenLayers}, but {nameof(ValidationRows)} is {ValidationRows}: " +
            "with folds, the network would learn from rows that come after those that validate it. Leave out the folds.");
        Check(context, nameof(Regularization), () => Regularization?.Validate());
        Check(context, nameof(Regularization), () => Regularization?.CheckDropout(HiddenLayers.Count));

        // A large number of rows gets the fewest epochs.
        Check(context, option: null, () => ToEngine(seed: 0, rows: long.MaxValue).Validate());
    }

    /// <summary>Runs the engine's checks of a network with this activation in its output layer.</summary>
    private void CheckOutputActivation()
    {
        if (OutputActivation is not null)
        {
            NetworkTrainer<float>.Check(new TrainingOptions { Loss = BaseLoss }, OutputLayer(OutputActivation).Arrange<float>(), null);
        }
    }

    /// <summary>An output layer without hidden ones.</summary>
    private NetworkBuilder OutputLayer(Activation activation) => new NetworkBuilder(inputs: 1).Add(
        new LayerSpec(BaseLoss is QuantilesLoss quantiles ? quantiles.Taus.Count : 1, activation) { Bias = OutputBias });

    /// <summary>The loss, without what depends on the data.</summary>
    private protected abstract Loss BaseLoss { get; }

    /// <summary>The options of the engine, without what depends on the values of the data.</summary>
    internal TrainingOptions ToEngine(int seed, long rows)
    {
        int epochs = NumberOfEpochs ?? TrainingLengthRule.Epochs(rows);
        return new()
        {
            Loss = BaseLoss,
            Optimizer = Optimizer,
            Regularization = Regularization ?? DefaultRegularization,
            Schedule = Schedule ?? DefaultSchedule(epochs),
            Averaging = Averaging,
            BatchSize = BatchSizeFor(rows),
            Epochs = epochs,
            Shuffle = Shuffle,
            KeepOptimizerState = KeepOptimizerState,
            Seed = seed,
            TargetLoss = TargetLoss,
            EarlyStoppingRounds = EarlyStoppingRounds ?? TrainingLengthRule.Rounds(rows),
            MaximumUpdates = MaximumUpdates,
            TimeBudget = TimeBudget,
            MinimumGradient = MinimumGradient,
            NumberOfThreads = NumberOfThreads ?? 0,
        };
    }

    private Regularization DefaultRegularization => Optimizer.TakesSchedule
        ? new() { WeightDecay = Optimizer.TakesWeightDecay ? DefaultWeightDecay : 0, ClipNorm = 10 }
        : new();

    private LearningRateSchedule DefaultSchedule(int epochs) =>
        Optimizer.TakesSchedule && (epochs < int.MaxValue || MaximumUpdates is not null)
            ? LearningRateSchedule.Cosine().WithWarmUp(WarmUpShare * epochs)
            : LearningRateSchedule.Constant;

    /// <summary>Runs a check of the engine; its exception becomes one of ML.NET's, with the name of the option.</summary>
    internal static void Check(IExceptionContext context, string? option, Action check)
    {
        try
        {
            check();
        }
        catch (ArgumentException e)
        {
            // The message without the name of the parameter, which ML.NET appends again.
            string fault = e.Message.Split(" (Parameter '")[0];
            bool isRenamed = e.ParamName == nameof(TrainingOptions.Epochs);
            throw context.ExceptUserArg(
                option ?? (isRenamed ? nameof(NumberOfEpochs) : e.ParamName), isRenamed ? $"NumberOf{fault}" : fault);
        }
    }

    internal static void CheckShare(IExceptionContext context, double share, string option) =>
        CheckRange(context, share is >= 0 and < 1, option, $"is {share}, but must be in [0, 1).");

    internal static void CheckRange(IExceptionContext context, bool inside, string option, FormattableString fault) =>
        context.CheckUserArg(inside, option, $"{option} {fault}");
}

/// <summary>The number of networks of a model, and whether they predict together or the best one alone.</summary>
public sealed record Ensemble
{
    private Ensemble(int size, bool keepsBest) => (Size, KeepsBest) = (size, keepsBest);

    /// <summary>
    /// Networks that predict together, as many as a budget of work allows: 8 if rows × weights × epochs is small, otherwise 4, 2 or 1. With
    /// w weights, n rows and e epochs, k networks take 3kwne multiply-adds, and the budget is 10¹³. The number does not depend on the
    /// machine. A model whose training is continued keeps its number of networks.
    /// </summary>
    public static Ensemble Auto { get; } = new(EnsembleRule.MostNetworks, keepsBest: false) { IsAuto = true };

    /// <summary>The number of networks that are trained; with <see cref="Auto"/>, the maximum.</summary>
    public int Size { get; }

    /// <summary>Whether the number is left to the rule of <see cref="Auto"/>.</summary>
    internal bool IsAuto { get; private init; }

    /// <summary>Whether the network with the lowest validation loss, or training loss without validation rows, predicts alone.</summary>
    public bool KeepsBest { get; }

    /// <summary>Whether the networks predict together.</summary>
    internal bool Averages => Size > 1 && !KeepsBest;

    /// <summary>Networks that predict together: the mean of their numbers or of their probabilities.</summary>
    /// <param name="size">The number of networks, at least 1.</param>
    /// <returns>The choice.</returns>
    public static Ensemble Average(int size) => new(size, keepsBest: false);

    /// <summary>Networks of which the best is kept.</summary>
    /// <param name="size">The number of networks, at least 1.</param>
    /// <returns>The choice.</returns>
    public static Ensemble BestOf(int size) => new(size, keepsBest: true);

    /// <summary>Networks that predict together, as with <see cref="Average"/>.</summary>
    /// <param name="size">The number of networks, at least 1.</param>
    public static implicit operator Ensemble(int size) => Average(size);

    /// <summary>The size, and whether the best network is kept.</summary>
    /// <returns>A text such as <c>5</c>, <c>BestOf(5)</c> or <c>Auto</c>.</returns>
    public override string ToString() => IsAuto ? nameof(Auto)
        : KeepsBest ? FormattableString.Invariant($"BestOf({Size})") : FormattableString.Invariant($"{Size}");
}
