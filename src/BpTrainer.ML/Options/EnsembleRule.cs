namespace BpTrainer.ML;

/// <summary>
/// How many networks <see cref="Ensemble.Auto"/> trains: as many as a budget of work allows. The budget does not depend on the machine, so
/// that the same rows and options always give the same model. docs/defaults.md describes how the values were chosen.
/// </summary>
internal static class EnsembleRule
{
    /// <summary>The number of networks if there is little work; a power of 2.</summary>
    public const int MostNetworks = 8;

    /// <summary>
    /// The multiply-adds of all networks together; a processor does about 10¹⁰ to 10¹¹ per second on each core.
    /// </summary>
    public const double MostMultiplyAdds = 1e13;

    /// <summary>Forward pass, backward pass and gradient: three multiply-adds for every weight, row and epoch.</summary>
    private const double PerWeight = 3;

    /// <summary>8, 4 or 2 networks if their work is within the budget, else 1.</summary>
    /// <param name="rows">The training rows, including those that are held out.</param>
    /// <param name="units">The inputs, the units of each layer and the outputs. An encoding of the inputs does not count.</param>
    /// <param name="epochs">The maximum number of epochs.</param>
    public static int Size(long rows, IReadOnlyList<int> units, double epochs)
    {
        double weights = units.Zip(units.Skip(1), (inputs, outputs) => (double)inputs * outputs).Sum();
        int size = MostNetworks;
        while (size > 1 && size * PerWeight * weights * rows * epochs > MostMultiplyAdds)
        {
            size /= 2;
        }

        return size;
    }
}
