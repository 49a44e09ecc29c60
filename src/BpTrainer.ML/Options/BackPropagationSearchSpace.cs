namespace BpTrainer.ML;

/// <summary>
/// A space of options for random search: every draw sets hidden layers, optimizer, learning rate and schedule, batch size, penalty on
/// weights, dropout of hidden units and ensemble size in a trainer's options. The other options keep their values.
/// </summary>
/// <remarks>
/// Every value is drawn independently, learning rates and penalties on a logarithmic scale. With the same number of trials this finds
/// better options than a grid, because every trial has new values of the options that matter (Bergstra and Bengio, JMLR 13, 2012).
/// </remarks>
public sealed class BackPropagationSearchSpace
{
    /// <summary>The numbers of hidden layers; each at least 0. Default: { 1, 2, 3 }.</summary>
    public IReadOnlyList<int> Depths { get; init; } = [1, 2, 3];

    /// <summary>The numbers of units; all hidden layers of a draw have the same. Each at least 1. Default: { 16, 32, 64, 128 }.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [16, 32, 64, 128];

    /// <summary>The activations of the hidden layers. Default: tanh, ReLU and SiLU.</summary>
    public IReadOnlyList<Activation> Activations { get; init; } = [Activation.Tanh, Activation.ReLU, Activation.SiLU];

    /// <summary>The batch sizes; each at least 1. Default: { 16, 32, 64, 128 }.</summary>
    public IReadOnlyList<int> BatchSizes { get; init; } = [16, 32, 64, 128];

    /// <summary>
    /// The shares of hidden units that dropout leaves out; each in [0, 1). Default: { 0, 0, 0.1, 0.2 }, so none in half of the draws.
    /// </summary>
    public IReadOnlyList<double> DropoutRates { get; init; } = [0, 0, 0.1, 0.2];

    /// <summary>The lowest and the highest learning rate of Adam, above 0. Default: 0.0003 and 0.03.</summary>
    public (double Lowest, double Highest) LearningRates { get; init; } = (3e-4, 3e-2);

    /// <summary>
    /// The lowest and the highest penalty λ on squared weights, above 0; see <see cref="BpTrainer.Regularization.L2"/>. Default: 0.000001
    /// and 0.01.
    /// </summary>
    public (double Lowest, double Highest) Penalties { get; init; } = (1e-6, 1e-2);

    /// <summary>
    /// The numbers of networks that predict together; each at least 1. Default: { 5 }. With the default options, five networks had a lower
    /// mean error than one on every example set, for five times the work; { 1 } makes the search fast.
    /// </summary>
    public IReadOnlyList<int> EnsembleSizes { get; init; } = [5];

    /// <summary>Draws options. The optimizer is Adam, and its learning rate falls along a cosine to 0.</summary>
    /// <typeparam name="TOptions">The options of one of the trainers.</typeparam>
    /// <param name="options">The options to set.</param>
    /// <param name="seed">The seed of the draw; the same seed draws the same options.</param>
    /// <returns><paramref name="options"/>.</returns>
    /// <exception cref="ArgumentException">A list of this space is empty, or a range has no numbers above 0.</exception>
    public TOptions Draw<TOptions>(TOptions options, int seed)
        where TOptions : BackPropagationOptions
    {
        ArgumentNullException.ThrowIfNull(options);

        // ML.NET's generator has a fixed algorithm; that of System.Random may change between versions of .NET.
        Random random = RandomUtils.Create(seed);
        int width = OneOf(random, Widths, nameof(Widths)), depth = OneOf(random, Depths, nameof(Depths));
        options.HiddenLayers = HiddenLayers.Of(OneOf(random, Activations, nameof(Activations)), [.. Enumerable.Repeat(width, depth)]);
        options.BatchSize = OneOf(random, BatchSizes, nameof(BatchSizes));
        options.Optimizer = Optimizer.Adam(Between(random, LearningRates, nameof(LearningRates)));
        options.Schedule = LearningRateSchedule.Cosine();
        double penalty = Between(random, Penalties, nameof(Penalties));
        double dropout = OneOf(random, DropoutRates, nameof(DropoutRates));
        options.Regularization = (options.Regularization ?? new()) with { L2 = penalty, HiddenDropout = depth > 0 ? [dropout] : [] };
        options.Ensemble = OneOf(random, EnsembleSizes, nameof(EnsembleSizes));
        return options;
    }

    private static T OneOf<T>(Random random, IReadOnlyList<T> choices, string name) => choices.Count > 0
        ? choices[random.Next(choices.Count)]
        : throw new ArgumentException($"{name} is empty; there is nothing to draw.", name);

    private static double Between(Random random, (double Lowest, double Highest) range, string name) =>
        range.Lowest > 0 && range.Highest >= range.Lowest && double.IsFinite(range.Highest)
            ? range.Lowest * Math.Pow(range.Highest / range.Lowest, random.NextDouble())
            : throw new ArgumentException(
                FormattableString.Invariant(
                    $"{name} is from {range.Lowest} to {range.Highest}, but must be a range of finite numbers above 0."),
                name);
}
