namespace BpTrainer.Benchmarks;

/// <summary>A training of networks of one shape, all on the same rows.</summary>
/// <param name="Shape">The networks.</param>
/// <param name="Rows">The training rows.</param>
/// <param name="Batch">The rows of an update.</param>
/// <param name="Threads">The most threads; null for as many as are asked for.</param>
/// <param name="Networks">The networks of the ensemble.</param>
internal sealed record ScalingCase(NetShape Shape, int Rows, int Batch = 128, int? Threads = null, int Networks = 1);

/// <summary>What grows in a series of trainings, while everything else stays as it is.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">What the values count.</param>
/// <param name="Values">The values, ascending.</param>
/// <param name="At">The training with a value.</param>
internal sealed record ScalingAxis(string Name, string Title, IReadOnlyList<int> Values, Func<int, ScalingCase> At)
{
    private const int Rows = 4096;

    /// <summary>Every axis.</summary>
    public static IReadOnlyList<ScalingAxis> All { get; } =
    [
        new(
            "rows", "training rows", [1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000],
            rows => new ScalingCase(Net(32, [64], 1), rows)),
        new("width", "units of each of two hidden layers", Powers(16, 2048), units => new ScalingCase(Net(64, [units, units], 10), Rows)),
        new("depth", "hidden layers", Powers(1, 64), layers => new ScalingCase(Net(64, [.. Enumerable.Repeat(128, layers)], 10), Rows)),
        new(
            "threads", "threads", [.. Enumerable.Range(1, Environment.ProcessorCount * 2)],
            threads => new ScalingCase(NetShape.Image, Rows, Threads: threads)),
        new("batch", "rows of a batch", Powers(1, Rows), batch => new ScalingCase(NetShape.Image, Rows, batch)),
        new(
            "networks", "networks", Powers(1, 64),
            networks => new ScalingCase(Net(32, [128, 128], 1), Rows, Batch: 32, Networks: networks)),
    ];

    private static NetShape Net(int inputs, int[] hidden, int outputs) => new(inputs, hidden, outputs, Activation.ReLU, outputs > 1);

    private static int[] Powers(int first, int last)
    {
        var powers = new List<int>();
        for (int power = first; power <= last; power *= 2)
        {
            powers.Add(power);
        }

        return [.. powers];
    }
}
