namespace BpTrainer.Examples.Playground;

/// <summary>Points of two classes in the plane, between −1 and 1 apart from some noise.</summary>
/// <param name="Name">Their name on the page.</param>
/// <param name="Description">What they look like.</param>
/// <param name="Inputs">The two coordinates of each point, one point after the other.</param>
/// <param name="Targets">The class of each point, 0 or 1.</param>
internal sealed record PointSet(string Name, string Description, float[] Inputs, float[] Targets)
{
    private const int PointsPerClass = 100;

    /// <summary>The four sets of the page.</summary>
    public static IReadOnlyList<PointSet> All { get; } =
    [
        Of("Moons", "Two interlocking half circles.", 0.08, (isTwo, t) => isTwo
            ? (0.3 - (0.6 * Math.Cos(Math.PI * t)), 0.15 - (0.6 * Math.Sin(Math.PI * t)))
            : ((0.6 * Math.Cos(Math.PI * t)) - 0.3, (0.6 * Math.Sin(Math.PI * t)) - 0.15)),
        Of("Circles", "A ring around a disc.", 0.06, (isTwo, t) => Polar(isTwo ? 0.35 : 0.85, 2 * Math.PI * t)),
        Of("Spirals", "Two spirals that wind around each other one and a half times.", 0.02, (isTwo, t) =>
            Polar(0.1 + (0.85 * t), (3 * Math.PI * t) + (isTwo ? Math.PI : 0))),
        Of("XOR", "One class where both coordinates have the same sign, the other where they differ.", 0, (isTwo, t) => Corner(isTwo, t)),
    ];

    /// <summary>The number of points.</summary>
    public int Count => Targets.Length;

    /// <summary>The points as samples of the engine.</summary>
    public DataSet<float> ToDataSet() => new(Inputs, 2, Targets, 1);

    // Places the points of each class at t in [0, 1) on its figure and adds some noise.
    private static PointSet Of(string name, string description, double noise, Func<bool, double, (double X, double Y)> place)
    {
        var random = new Random(1);
        float[] inputs = new float[4 * PointsPerClass], targets = new float[2 * PointsPerClass];
        for (int i = 0; i < targets.Length; i++)
        {
            bool isTwo = i % 2 == 1;
            (double x, double y) = place(isTwo, (i / 2) / (double)PointsPerClass);
            inputs[2 * i] = (float)(x + (noise * Normal(random)));
            inputs[(2 * i) + 1] = (float)(y + (noise * Normal(random)));
            targets[i] = isTwo ? 1 : 0;
        }

        return new PointSet(name, description, inputs, targets);
    }

    private static (double X, double Y) Polar(double radius, double angle) => (radius * Math.Cos(angle), radius * Math.Sin(angle));

    // Multiples of the golden ratio fill a square evenly.
    private static (double X, double Y) Corner(bool isTwo, double t)
    {
        double x = 0.08 + (0.87 * t), y = 0.08 + (0.87 * ((t * PointsPerClass * 0.6180339887) % 1));
        bool isLeft = (int)(t * PointsPerClass) % 2 == 0;
        return (isLeft ? -x : x, isLeft ^ isTwo ? -y : y);
    }

    // The method of Box and Muller.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
