using BpTrainer.Numbers;

namespace BpTrainer.Initializers;

/// <summary>Weight vectors of random direction and of length r = 0.7·outputs^(1/inputs), biases uniform in [−r, r].</summary>
internal sealed record NguyenWidrowInitializer : Initializer
{
    /// <summary>The factor of the paper: below 1, so that the active regions of the units overlap.</summary>
    private const double Overlap = 0.7;

    internal override void Fill<T>(Layer<T> layer, RandomStream random)
    {
        double length = Overlap * Math.Pow(layer.Outputs, 1.0 / layer.Inputs);
        var direction = new double[layer.Inputs];
        for (int o = 0; o < layer.Outputs; o++)
        {
            double squares = 0;
            for (int i = 0; i < direction.Length; i++)
            {
                direction[i] = (2 * random.NextDouble()) - 1;
                squares += direction[i] * direction[i];
            }

            // All components 0 has no direction; with one input and a draw of exactly 0 it can happen.
            double factor = squares > 0 ? length / Math.Sqrt(squares) : 0;
            for (int i = 0; i < direction.Length; i++)
            {
                layer.SetWeight(i, o, T.CreateChecked(direction[i] * factor));
            }

            double bias = ((2 * random.NextDouble()) - 1) * length;
            if (layer.Bias == BiasKind.PerNeuron)
            {
                layer.SetBias(o, T.CreateChecked(bias));
            }
        }
    }
}
