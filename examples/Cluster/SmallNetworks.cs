using BpTrainer.ML;
using BpTrainer.Orleans;

namespace BpTrainer.Examples.Cluster;

/// <summary>Draws the options of a trial from a space of single, small networks, which are trained quickly.</summary>
internal sealed class SmallNetworks : ITrialRecipe
{
    private static readonly BackPropagationSearchSpace s_space = new() { Widths = [8, 16, 32], EnsembleSizes = [1] };

    public void Apply(BackPropagationOptions options, int trial) => s_space.Draw(options, seed: trial);
}
