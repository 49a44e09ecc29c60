using BpTrainer.Growing;
using BpTrainer.Networks;
using BpTrainer.Stopping;

namespace BpTrainer;

/// <summary>
/// Trains a network that grows: it begins with a few hidden units and gets more as long as they lower the loss, so that the number of units
/// does not have to be known in advance.
/// </summary>
/// <remarks>
/// <para>
/// A stage is a training of all weights with the given options. The next stage begins with the weights of the lowest loss so far and with
/// new units, whose outgoing weights are 0, so that the loss does not change at first: constructive growth of one hidden layer (dynamic
/// node creation: Ash, Connection Science 1, 1989). A stage is worth its units if it lowers the validation loss (or, without a validation
/// set, the training loss with penalties) by the share <see cref="GrowthOptions.LeastGain"/> compared with the best stage. The network of
/// the best stage is kept.
/// </para>
/// <para>
/// Growth ends after <see cref="GrowthOptions.Rounds"/> stages in a row that were not worth their units, at the maximum number of units,
/// when a stage reaches the target loss or diverges, and when training is cancelled, stopped by the callback or out of time. Epochs,
/// updates, early stopping and the schedule apply to each stage; the time budget applies to all stages together. The optimizer starts anew
/// in each stage.
/// </para>
/// <para>
/// For example, the two spirals of Lang and Witbrock, each with three turns, are separated with 10 tanh units initialized by
/// <see cref="Initializer.NguyenWidrow"/>, 5 more units in each stage, and <see cref="Optimizer.ResilientPlus"/> for 500 epochs in each
/// stage: see docs/guides/hidden-units.md.
/// </para>
/// <para>The result is the same, bit for bit, for every number of threads.</para>
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class GrowingTrainer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkBuilder _builder;
    private readonly TrainingOptions _options;
    private readonly GrowthOptions _growth;
    private readonly int _most;

    /// <summary>Prepares to train a network that grows.</summary>
    /// <param name="builder">Describes the network with its maximum number of hidden units; it must have one hidden layer. Later changes to
    /// it have no effect.</param>
    /// <param name="options">How to train in each stage, without a <see cref="TrainingOptions.Checkpoint"/>. Its seed also draws the
    /// initial weights.</param>
    /// <param name="growth">How to grow; null for the default. Default: null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message contains its name, its value and the
    /// range.</exception>
    /// <exception cref="ArgumentException">The network does not have exactly one hidden layer, or an option cannot be combined with the
    /// network, with another option or with growth.</exception>
    public GrowingTrainer(NetworkBuilder builder, TrainingOptions options, GrowthOptions? growth = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        _growth = growth ?? new GrowthOptions();
        LayerLayout[] layouts = builder.Arrange<T>();
        NetworkTrainer<T>.Check(options, layouts, builder.OutputScaling);
        _most = layouts[0].Outputs;
        _builder = builder.WithHiddenUnits(_most);
        _growth.Validate(_most);
        Guard.Require(
            options.Checkpoint is null,
            $"A {nameof(TrainingOptions.Checkpoint)} cannot be used with a network that grows: it is the state of a network of one size.",
            nameof(options));
        _options = options;
    }

    /// <summary>Trains from the first stage to the last.</summary>
    /// <param name="training">The samples to learn.</param>
    /// <param name="validation">Samples to validate on; null for none.</param>
    /// <param name="onEpoch">Called after every epoch, on the calling thread; epochs and seconds are counted across stages. It may stop the
    /// training. Null for none.</param>
    /// <param name="cancellationToken">Stops the training within one batch; the best weights so far are kept.</param>
    /// <returns>The network of the best stage, and every stage.</returns>
    /// <exception cref="ArgumentException">The samples do not have the network's numbers of inputs and outputs.</exception>
    /// <exception cref="NotFiniteNumberException">The loss or the weights were not finite before there was a good epoch.</exception>
    public GrowingResult<T> Train(
        DataSet<T> training, DataSet<T>? validation = null, Action<EpochProgress<T>>? onEpoch = null,
        CancellationToken cancellationToken = default) =>
        Good(Run((trainer, report, token) => trainer.Run(training, validation, report, token), Report(onEpoch), cancellationToken));

    /// <summary>Trains on samples that do not fit into memory, block by block.</summary>
    /// <inheritdoc cref="Train(DataSet{T}, DataSet{T}, Action{EpochProgress{T}}, CancellationToken)"/>
    /// <param name="blockRows">The maximum number of rows in memory at the same time, at least the rows of a batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A batch is larger than a block, or a block is larger than an array can be.</exception>
    public GrowingResult<T> Train(
        IRowStream<T> training, int blockRows, DataSet<T>? validation = null, Action<EpochProgress<T>>? onEpoch = null,
        CancellationToken cancellationToken = default) => Good(Run(
            (trainer, report, token) => trainer.Run(training, blockRows, validation, report, token), Report(onEpoch), cancellationToken));

    /// <summary>Trains like the public methods, but returns a result even if there was no good epoch.</summary>
    /// <param name="train">Trains a network on the samples.</param>
    internal GrowingResult<T> Run(
        Func<NetworkTrainer<T>, Func<EpochRecord, bool>, CancellationToken, TrainingResult> train,
        Func<Network<T>, EpochRecord, bool>? onEpoch, CancellationToken cancellationToken)
    {
        using var signal = new StopSignal(cancellationToken, _options.TimeBudget);
        var random = new RandomStream(_options.Seed, RandomPurpose.NewUnits);
        var stages = new GrowthHistory<T>(_growth);
        Network<T> network = _builder.WithHiddenUnits(_growth.First).Build<T>(_options.Seed);
        while (true)
        {
            var trainer = new NetworkTrainer<T>(network, _options with { TimeBudget = null });
            TrainingResult result = train(trainer, epoch => onEpoch?.Invoke(network, stages.CountOn(epoch)) ?? false, signal.Token);
            StopReason reason = result.StopReason == StopReason.Cancelled && signal.Reason is { } why ? why : result.StopReason;
            stages.Add(network, result with { StopReason = reason });
            int units = network.Layers[0].Outputs;
            if (units == _most || stages.IsEnd)
            {
                return stages.ToResult();
            }

            network = NetworkGrowth.Grow(stages.Lowest, (int)Math.Min((long)units + _growth.Step, _most), random);
        }
    }

    private GrowingResult<T> Good(GrowingResult<T> result)
    {
        NetworkTrainer<T>.ThrowIfDiverged(result.Training, _options);
        return result;
    }

    private static Func<Network<T>, EpochRecord, bool>? Report(Action<EpochProgress<T>>? onEpoch) =>
        onEpoch is null ? null : (network, epoch) =>
        {
            var progress = new EpochProgress<T>(epoch, network, networkIndex: 0, numberOfNetworks: 1);
            onEpoch(progress);
            return progress.IsStopRequested;
        };
}
