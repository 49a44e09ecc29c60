using BpTrainer.Report.Networks;

namespace BpTrainer.Report;

/// <summary>Charts of a network.</summary>
public static class NetworkCharts
{
    /// <summary>
    /// Draws the layers of a network, at most ten units of each, and the weights between them. The larger a weight is in comparison with
    /// the others of its layer, the wider its line.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="inputNames">The names of the inputs, one for each. Default: none.</param>
    /// <returns>The chart.</returns>
    public static Chart Plot(this Network<float> network, IReadOnlyList<string>? inputNames = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new Chart(new NetworkDrawing(network, inputNames));
    }
}
