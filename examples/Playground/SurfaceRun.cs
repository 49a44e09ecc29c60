namespace BpTrainer.Examples.Playground;

/// <summary>The predictions of the network for the plane after one epoch.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Probabilities">The probability of the second class in each cell of the grid, row by row from the top.</param>
/// <param name="Accuracy">The share of the points that are classified correctly.</param>
internal sealed record Surface(EpochRecord Epoch, float[] Probabilities, double Accuracy)
{
    /// <summary>The number of cells in a row and in a column.</summary>
    public const int Cells = 40;

    /// <summary>The grid ranges from −1.2 to 1.2 in both directions.</summary>
    public const float Reach = 1.2f;

    /// <summary>The centers of the cells.</summary>
    public static float[] Grid { get; } =
    [
        .. Enumerable.Range(0, Cells * Cells).SelectMany(cell => new[] { Center(cell % Cells), -Center(cell / Cells) }),
    ];

    private static float Center(int cell) => Reach * ((2 * cell) + 1 - Cells) / Cells;
}

/// <summary>A training on the points of a plane, with its surfaces at some epochs.</summary>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Surfaces">The surfaces, one for each of <see cref="Epochs"/>.</param>
/// <param name="History">The epochs.</param>
internal sealed record SurfaceRun(string Optimizer, IReadOnlyList<Surface> Surfaces, TrainingHistory History)
{
    /// <summary>The epochs that are shown; training ends with the last one.</summary>
    public static readonly IReadOnlyList<int> Epochs = [1, 30, 300, 3000];

    private const double LearningRate = 0.1;
    private const int HiddenUnits = 16;
    private const int Seed = 1;

    /// <summary>Trains with momentum, once with a constant and once with an adaptive rate, from the same weights.</summary>
    public static IReadOnlyList<SurfaceRun> Both(PointSet set) =>
    [
        Of("Momentum", set, BpTrainer.Optimizer.Momentum(LearningRate)),
        Of("Momentum, adaptive rate", set, BpTrainer.Optimizer.AdaptiveMomentum(LearningRate)),
    ];

    private static SurfaceRun Of(string name, PointSet set, Optimizer optimizer)
    {
        Network<float> network = new NetworkBuilder(inputs: 2)
            .Add(HiddenUnits, Activation.Tanh).Add(HiddenUnits, Activation.Tanh).Add(1, Activation.Logistic).Build<float>(Seed);
        var options = new TrainingOptions
        {
            Loss = Loss.BinaryCrossEntropy(),
            Optimizer = optimizer,
            BatchSize = TrainingOptions.FullBatch,
            Epochs = Epochs[^1],
            Seed = Seed,
        };
        List<Surface> surfaces = [];
        TrainingResult result = new NetworkTrainer<float>(network, options).Train(set.ToDataSet(), onEpoch: progress =>
        {
            if (Epochs.Contains(progress.Epoch.Epoch))
            {
                surfaces.Add(SurfaceOf(progress, set));
            }
        });
        return new SurfaceRun(name, surfaces, result.History);
    }

    private static Surface SurfaceOf(EpochProgress<float> progress, PointSet set)
    {
        float[] cells = new float[Surface.Cells * Surface.Cells], points = new float[set.Count];
        progress.Network.Predict(Surface.Grid, cells, cells.Length);
        progress.Network.Predict(set.Inputs, points, set.Count);
        double right = points.Zip(set.Targets).Count(pair => pair.First > 0.5f == pair.Second > 0.5f);
        return new Surface(progress.Epoch, cells, right / set.Count);
    }
}
