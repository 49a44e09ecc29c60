using BpTrainer.ML.Training;
using BpTrainer.Networks;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>
/// What the three back-propagation trainers have in common: the shape of the network, how it learns and when it stops.
/// </summary>
/// <remarks>
/// The options are checked and copied when the trainer is made: a bad one throws <see cref="ArgumentOutOfRangeException"/> with its name, and later changes
/// have no effect on the trainer. Those that would take more memory than there is are refused by <c>Fit</c>, which knows the data, before it takes any.
/// </remarks>
public abstract class BackPropagationOptions : TrainerInputBaseWithGroupId
{
    private protected BackPropagationOptions()
    {
    }

    /// <summary>
    /// The number of neurons in each hidden layer, from the inputs to the outputs; each at least 1. Empty: no hidden layer, which is linear,
    /// logistic or softmax regression. Not used when <see cref="Layers"/> or <see cref="HiddenSizeAddend"/> is given. Default: { 64 }.
    /// </summary>
    public int[] HiddenLayers = BackPropagationDefaults.HiddenLayers;

    /// <summary>
    /// The activation of the hidden layers, unless <see cref="Activations"/> or <see cref="Layers"/> is given. The task decides that of the
    /// output layer. Any but <see cref="Activation.HardLimit"/>, which cannot learn. Default: <see cref="Activation.Tanh"/>.
    /// </summary>
    public Activation Activation = BackPropagationDefaults.Activation;

    /// <summary>The activation of each hidden layer, as many as there are hidden layers, in place of <see cref="Activation"/>. Default: none.</summary>
    public Activation[]? Activations;

    /// <summary>
    /// How the first weights of the hidden layers are drawn, unless <see cref="Layers"/> is given. Default: <see cref="Initializer.He"/>,
    /// <see cref="Initializer.Glorot"/> or <see cref="Initializer.LeCunNormal"/>, whichever suits the activation.
    /// </summary>
    public Initializer? Initializer;

    /// <summary>
    /// How the first weights of the output layer are drawn. Default: <see cref="Initializer.Zero"/>, so that training begins with the mean of
    /// the labels.
    /// </summary>
    public Initializer OutputInitializer = BackPropagationDefaults.OutputInitializer;

    /// <summary>
    /// The hidden layers in full: neurons, activation, first weights and kind of bias of each, from the inputs to the outputs. They take the place of
    /// <see cref="HiddenLayers"/>, <see cref="Activation"/>, <see cref="Activations"/> and <see cref="Initializer"/>. Default: none.
    /// </summary>
    public LayerSpec[]? Layers;

    /// <summary>
    /// The addend a, from 1 to 10, of the rule h = √(n + m) + a: there is one hidden layer of h neurons for n features and m outputs, in place
    /// of <see cref="HiddenLayers"/>. Default: none.
    /// </summary>
    public int? HiddenSizeAddend;

    /// <summary>
    /// The learning rate, above 0: for gradient descent and momentum the step is this times the mean gradient of the batch. Not with L-BFGS and
    /// Levenberg–Marquardt. Default: that of the optimizer, which is 0.01 for momentum.
    /// </summary>
    public double? LearningRate;

    /// <summary>The learning rate of biases over that of all other parameters, above 0. Default: 1.</summary>
    public double BiasRateFactor = BackPropagationDefaults.BiasRateFactor;

    /// <summary>
    /// The rule by which the weights change, such as <c>Optimizer.Adam()</c>, in place of <see cref="Momentum"/> and
    /// <see cref="AdaptiveLearningRate"/>, which must not be given besides. Rules that learn from all rows at once (resilient propagation, L-BFGS,
    /// Levenberg–Marquardt) take them as one batch, so that the rows must fit into <see cref="MaximumMemory"/>. Default: momentum.
    /// </summary>
    public Optimizer? Optimizer;

    /// <summary>
    /// The share of the last step that the next one keeps, in [0, 1). 0 is plain gradient descent. The short way to <c>Optimizer.Momentum(momentum: …)</c>.
    /// Default: 0.9.
    /// </summary>
    public double Momentum = BackPropagationDefaults.Momentum;

    /// <summary>
    /// Whether the learning rate grows while the error falls and shrinks when it rises. The short way to <c>Optimizer.AdaptiveMomentum(momentum: …)</c>.
    /// Default: <see langword="false"/>.
    /// </summary>
    public bool AdaptiveLearningRate = BackPropagationDefaults.AdaptiveLearningRate;

    /// <summary>
    /// How the learning rate goes in the course of the training, such as <c>LearningRateSchedule.Cosine().WithWarmUp(5)</c>. Not together with
    /// <see cref="AdaptiveLearningRate"/>. Default: <see cref="LearningRateSchedule.Constant"/>.
    /// </summary>
    public LearningRateSchedule Schedule = LearningRateSchedule.Constant;

    /// <summary>
    /// The average of the weights that the model gets in place of the last or best ones: <c>WeightAveraging.Exponential(0.99)</c> or
    /// <c>WeightAveraging.LastEpochs(10)</c>. The validation rows judge the average. Default: none.
    /// </summary>
    public WeightAveraging? Averaging;

    /// <summary>
    /// The number of networks that are trained from different first weights, at least 1; side by side where there are threads for it. The model
    /// is the one with the lowest validation error, without validation rows the lowest training error, or all of them with
    /// <see cref="AverageNetworks"/>. Default: 1.
    /// </summary>
    public int NumberOfNetworks = BackPropagationDefaults.NumberOfNetworks;

    /// <summary>
    /// Whether the model is an ensemble of all <see cref="NumberOfNetworks"/>, which predicts the mean of their outputs: of the numbers, or of the
    /// probabilities. Default: <see langword="false"/>.
    /// </summary>
    public bool AverageNetworks = BackPropagationDefaults.AverageNetworks;

    /// <summary>
    /// Penalties on weights, clipping of gradients, bounds of norms, and dropout:
    /// <c>new() { HiddenDropout = [0.5] }</c> for all hidden layers, <c>[0.2, 0.5]</c> for each of two. Default: none.
    /// </summary>
    public Regularization Regularization = new();

    /// <summary>The number of rows per step, at least 1; 1 is incremental training, <see cref="int.MaxValue"/> takes all rows at once. Default: chosen from the number of rows.</summary>
    public int? BatchSize;

    /// <summary>The most passes over the training rows, at least 1. Default: 200.</summary>
    public int NumberOfEpochs = BackPropagationDefaults.NumberOfEpochs;

    /// <summary>
    /// The share of the rows, in [0, 1), that is kept out of training to watch the error on; classes stay in proportion. Small sets train
    /// without. It is not used when <c>Fit</c> or <see cref="ValidationData"/> gives validation data. Default: 0.15.
    /// </summary>
    /// <remarks>
    /// Where several rows are of one patient, customer or series, name the column that says so in <c>RowGroupColumnName</c>, a key, text or integer: rows with the
    /// same value then go to the same part, and classes are in proportion as nearly as whole groups come to it. Rows without a value, an empty text or a
    /// missing key, are one group. Where the groups make up no validation part, training goes without, and a warning says so.
    /// </remarks>
    public double ValidationFraction = BackPropagationDefaults.ValidationFraction;

    /// <summary>
    /// Rows to watch the error on, for a trainer inside a pipeline, whose <c>Fit</c> takes none. They must have the columns that reach the trainer, so
    /// send them through the steps before it, fitted to the training data alone: <c>ValidationData = steps.Fit(train).Transform(validation)</c>.
    /// Validation data that <c>Fit</c> is given come first. Default: none.
    /// </summary>
    public Microsoft.ML.IDataView? ValidationData;

    /// <summary>Training stops after this many epochs in a row, at least 1, without a lower validation error; the best weights are kept. Default: 20.</summary>
    public int EarlyStoppingRounds = BackPropagationDefaults.EarlyStoppingRounds;

    /// <summary>
    /// Whether the network shifts and scales each feature before its first layer: to mean 0 and standard deviation 1, or, where half the training rows or more
    /// have one value, so that this one is 0; see <see cref="ColumnScaling.StandardizeInputs{T}(DataSet{T})"/>. Default: <see langword="true"/>.
    /// </summary>
    /// <remarks>
    /// With it or without, a value counts as one that lies at most half the range of its training values beyond them, and a feature that is constant in training never
    /// changes a prediction: see <see cref="ColumnScaling"/>.
    /// </remarks>
    public bool NormalizeInputs = BackPropagationDefaults.NormalizeInputs;

    /// <summary>
    /// Whether a missing feature (NaN) becomes the mean of the training rows that have it, with one more input for each feature that may be missing,
    /// which is 1 where it is; see <see cref="MeanImputation"/>. The model does so too when it predicts. Rows with a missing feature then take part in training and get a
    /// prediction; an infinite feature is no missing one. It takes one more pass over the training rows. Default: <see langword="false"/>: rows with a missing
    /// feature are left out of training, and their prediction is NaN.
    /// </summary>
    public bool ImputeMissingFeatures = BackPropagationDefaults.ImputeMissingFeatures;

    /// <summary>Training stops when the training error is at or below this, at least 0. Default: none.</summary>
    public double? TargetLoss;

    /// <summary>The most updates of the weights, at least 1; the last epoch may be a part of one. Default: no limit but <see cref="NumberOfEpochs"/>.</summary>
    public long? MaximumUpdates;

    /// <summary>
    /// The longest time from the end of reading to the end of training, above 0 and at most 24 days. The model then has the best weights of whole epochs;
    /// if there is none, <c>Fit</c> throws. With several networks it is for all of them together. Default: no limit.
    /// </summary>
    public TimeSpan? TimeBudget;

    /// <summary>
    /// Training stops when the norm of the gradient over all rows is at or below this after an epoch, at least 0. It takes one more pass over
    /// the rows an epoch. Default: none, and no such pass.
    /// </summary>
    public double? MinimumGradient;

    /// <summary>
    /// Called after every epoch with its losses, learning rate and time; <see cref="EpochProgress.Stop"/> ends the
    /// training of all networks, and the model is the best so far. It is called on the threads that train, but one call at a time. Default: none.
    /// </summary>
    public Action<EpochProgress>? OnEpoch;

    /// <summary>
    /// Told of every epoch of every network, before <see cref="OnEpoch"/>. A <see cref="System.Progress{T}"/> hands it on to the thread where it was made, such as that of a
    /// window, and training does not wait for it. Default: none.
    /// </summary>
    public IProgress<EpochRecord>? Progress;

    /// <summary>
    /// The model whose weights training goes on from, in place of random ones: a fitted or loaded pipeline with such a trainer in it, the last of which
    /// counts, or its transformer alone. <c>Fit</c> may be given one too, which then comes first. Default: none.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The layers must be those that these options and the data ask for. Where the label of the data and that of the model have names for their classes, or for the slots of a
    /// vector, these must be the same; in another order, the outputs of the model are reordered, and what the optimizer remembers begins anew. The model's scalings of features and labels stay, since its weights
    /// belong to them, so that <see cref="NormalizeInputs"/> is not used; what it puts in place of missing features stays too. An ensemble goes on as one: <see cref="NumberOfNetworks"/> must be that of
    /// the model. The given model is not changed.
    /// </para>
    /// <para>
    /// What the optimizer remembers, such as momentum and adapted rates, begins anew unless the model has it; see <see cref="KeepOptimizerState"/>. The
    /// place in a schedule begins anew. The weights of the given model do not compete: the new model has the best epoch of the new training.
    /// </para>
    /// <para>
    /// Give both trainings the same <see cref="Seed"/>, or validation data: another seed draws other validation rows, of which the given model has learned most.
    /// </para>
    /// </remarks>
    public Microsoft.ML.ITransformer? InitialModel;

    /// <summary>
    /// Whether the model, and its file, keep what the optimizer remembered at the model's weights, so that a training from it as <see cref="InitialModel"/>
    /// with the same rule goes on with that too. They grow by as many numbers a parameter as the rule remembers: one for momentum, two for Adam. Not with L-BFGS and
    /// Levenberg–Marquardt. Default: <see langword="false"/>.
    /// </summary>
    public bool KeepOptimizerState = BackPropagationDefaults.KeepOptimizerState;

    /// <summary>Whether the rows come in a new order in every epoch. Default: <see langword="true"/>.</summary>
    public bool Shuffle = BackPropagationDefaults.Shuffle;

    /// <summary>
    /// The seed of everything random: first weights, order of the rows, validation part, dropout. The same seed and rows give the same weights bit for bit.
    /// Default: drawn once per trainer from the <see cref="Microsoft.ML.MLContext"/>.
    /// </summary>
    public int? Seed;

    /// <summary>
    /// The most threads that share a batch, at least 1. The model is the same, bit for bit, for every number. Default: as many as there are processors.
    /// </summary>
    public int? NumberOfThreads;

    /// <summary>
    /// The most bytes that training and validation rows take in memory, above 0: features, targets and weights as
    /// <see cref="float"/>, and 8 bytes a row for their order. Never more than the memory of the machine, or of its container. Default: half of that.
    /// </summary>
    /// <remarks>
    /// <para>
    /// More rows than that are not held: every epoch reads them from the data view again, in blocks that fit, and takes the rows of a
    /// block in random order. A data view that can shuffle is asked for a new order in every epoch as well; for one that cannot,
    /// such as a text file, the rows should lie in no particular order, or go through <c>mlContext.Data.ShuffleRows</c> first. One
    /// pass before the first epoch counts the rows and finds mean and spread of the columns. <see cref="AdaptiveLearningRate"/> reads the data
    /// twice an epoch.
    /// </para>
    /// <para>
    /// The validation part of streamed rows is drawn row by row, which keeps classes in proportion only on average, and takes at most a
    /// quarter of this memory: its share is halved until it fits. Validation data that is given to <c>Fit</c> must fit into half of it.
    /// </para>
    /// </remarks>
    public long? MaximumMemory;

    /// <summary>
    /// Stops training at the end of a batch; the model then has the best weights of whole epochs so far. A token that is cancelled before the
    /// first epoch is complete makes <c>Fit</c> throw <see cref="OperationCanceledException"/>. Default: none.
    /// </summary>
    public CancellationToken CancellationToken;

    /// <summary>
    /// Whether <c>Fit</c> throws <see cref="OperationCanceledException"/> whenever the <see cref="CancellationToken"/> cuts training short, be it that
    /// of one of several networks, instead of giving the best model so far. Default: <see langword="false"/>.
    /// </summary>
    public bool ThrowOnCancellation;

    /// <summary>The rule by which the weights change, as these options describe it.</summary>
    internal Optimizer Rule => (Optimizer is { } given ? (LearningRate is { } rate ? given.WithLearningRate(rate) : given)
        : FromFigures(LearningRate ?? 0.01)) with { BiasRateFactor = BiasRateFactor };

    private Optimizer FromFigures(double rate) => (AdaptiveLearningRate, Momentum > 0) switch
    {
        (false, false) => Optimizer.GradientDescent(rate),
        (false, true) => Optimizer.Momentum(rate, Momentum),
        (true, false) => Optimizer.AdaptiveGradientDescent(rate),
        (true, true) => Optimizer.AdaptiveMomentum(rate, Momentum),
    };

    /// <summary>The batch size as it is given, or all rows for a rule that needs them; none if the number of rows decides.</summary>
    internal int? GivenBatchSize => BatchSize ?? (Rule.IsFullBatchOnly ? TrainingOptions.FullBatch : null);

    /// <summary>The most bytes that the rows may take.</summary>
    internal long RowMemory => Math.Min(MaximumMemory ?? BackPropagationDefaults.MaximumMemory, TrainingMemory.Available);

    /// <summary>The option that says how many neurons there are, and its value.</summary>
    internal (string Option, string Value) LayersOption =>
        Layers is not null ? (nameof(Layers), $"[{string.Join(", ", Layers.Select(layer => layer.Units))}]")
        : HiddenSizeAddend is { } addend ? (nameof(HiddenSizeAddend), $"{addend}")
        : (nameof(HiddenLayers), $"[{string.Join(", ", HiddenLayers)}]");

    /// <summary>A copy that later changes of these options leave as it is.</summary>
    internal virtual BackPropagationOptions Copy()
    {
        var copy = (BackPropagationOptions)MemberwiseClone();
        copy.HiddenLayers = (int[])HiddenLayers?.Clone()!;
        copy.Activations = (Activation[]?)Activations?.Clone();
        copy.Layers = (LayerSpec[]?)Layers?.Clone();
        return copy;
    }

    /// <summary>The hidden layers, as these options describe them.</summary>
    /// <param name="inputs">The number of features.</param>
    /// <param name="outputs">The number of outputs of the network.</param>
    internal IEnumerable<LayerSpec> GetHiddenLayers(int inputs, int outputs)
    {
        if (Layers is not null)
        {
            return Layers;
        }

        int[] units = HiddenSizeAddend is int addend ? [HiddenSize.Rule(inputs, outputs, addend)] : HiddenLayers;
        return units.Select((count, k) => new LayerSpec(count, Activations?[k] ?? Activation) { Initializer = Initializer });
    }

    /// <summary>Throws when an option is out of its range, the way ML.NET's trainers do.</summary>
    internal virtual void Check(IExceptionContext context)
    {
        HiddenLayerCheck.Run(context, this);
        CheckRange(context, LearningRate is null || (LearningRate > 0 && double.IsFinite(LearningRate.Value)), nameof(LearningRate), $"is {LearningRate}, but must be finite and above 0.");
        CheckRange(context, BiasRateFactor > 0 && double.IsFinite(BiasRateFactor), nameof(BiasRateFactor), $"is {BiasRateFactor}, but must be finite and above 0.");
        CheckRange(context, Momentum >= 0 && Momentum < 1, nameof(Momentum), $"is {Momentum}, but must be in [0, 1).");
        CheckRange(
            context,
            Optimizer is null || Momentum == BackPropagationDefaults.Momentum,
            nameof(Momentum),
            $"is {Momentum}, but the {nameof(Optimizer)} {Optimizer} is given too: give the momentum to the rule, if it has one.");
        CheckRange(
            context,
            Optimizer is null || !AdaptiveLearningRate,
            nameof(AdaptiveLearningRate),
            $"is {AdaptiveLearningRate}, but the {nameof(Optimizer)} {Optimizer} is given too: use Optimizer.AdaptiveGradientDescent or Optimizer.AdaptiveMomentum.");
        context.CheckUserArg(Regularization is not null, nameof(Regularization), "is null.");
        Check(context, nameof(Regularization), Regularization!.Validate);
        Check(context, nameof(Regularization), () => Regularization.CheckDropout(Layers?.Length ?? (HiddenSizeAddend is null ? HiddenLayers.Length : 1)));
        CheckRange(context, BatchSize is null or >= 1, nameof(BatchSize), $"is {BatchSize}, but must be at least 1.");
        CheckRange(context, NumberOfEpochs >= 1, nameof(NumberOfEpochs), $"is {NumberOfEpochs}, but must be at least 1.");
        CheckRange(context, ValidationFraction >= 0 && ValidationFraction < 1, nameof(ValidationFraction), $"is {ValidationFraction}, but must be in [0, 1).");
        CheckRange(context, EarlyStoppingRounds >= 1, nameof(EarlyStoppingRounds), $"is {EarlyStoppingRounds}, but must be at least 1.");
        CheckRange(context, NumberOfNetworks >= 1, nameof(NumberOfNetworks), $"is {NumberOfNetworks}, but must be at least 1.");
        CheckRange(context, NumberOfThreads is null or >= 1, nameof(NumberOfThreads), $"is {NumberOfThreads}, but must be at least 1.");
        CheckRange(context, MaximumMemory is null or > 0, nameof(MaximumMemory), $"is {MaximumMemory}, but must be above 0.");
        CheckRange(context, TargetLoss is null || (TargetLoss >= 0 && double.IsFinite(TargetLoss.Value)), nameof(TargetLoss), $"is {TargetLoss}, but must be finite and at least 0.");
        Check(context, option: null, () => ToEngine(seed: 0).Validate());
    }

    /// <summary>The error to make small, but for figures that depend on the data.</summary>
    private protected abstract Loss BaseLoss { get; }

    /// <summary>The options of the engine, but for what depends on the data.</summary>
    internal TrainingOptions ToEngine(int seed) => new()
    {
        Loss = BaseLoss,
        Optimizer = Rule,
        Regularization = Regularization,
        Schedule = Schedule,
        Averaging = Averaging,
        BatchSize = GivenBatchSize ?? new TrainingOptions().BatchSize,
        Epochs = NumberOfEpochs,
        Shuffle = Shuffle,
        KeepOptimizerState = KeepOptimizerState,
        Seed = seed,
        TargetLoss = TargetLoss,
        EarlyStoppingRounds = EarlyStoppingRounds,
        MaximumUpdates = MaximumUpdates,
        TimeBudget = TimeBudget,
        MinimumGradient = MinimumGradient,
        NumberOfThreads = NumberOfThreads ?? 0,
    };

    /// <summary>Runs a check of the engine's; its error becomes one of ML.NET's, with the name of the option.</summary>
    private static void Check(IExceptionContext context, string? option, Action check)
    {
        try
        {
            check();
        }
        catch (ArgumentException e)
        {
            throw context.ExceptUserArg(option ?? e.ParamName, e.Message);
        }
    }

    internal static void CheckRange(IExceptionContext context, bool inside, string option, FormattableString fault)
    {
        if (!inside)
        {
            throw context.ExceptUserArg(option, $"{option} {FormattableString.Invariant(fault)}");
        }
    }
}
