namespace BpTrainer.Initializers;

/// <summary>Draws the weights of a layer one by one, input by input, all from one distribution.</summary>
internal abstract record IndependentInitializer : Initializer
{
    internal sealed override void Fill<T>(Layer<T> layer, RandomStream random)
    {
        for (int i = 0; i < layer.Inputs; i++)
        {
            for (int o = 0; o < layer.Outputs; o++)
            {
                layer.SetWeight(i, o, T.CreateChecked(Draw(random, layer.Inputs, layer.Outputs)));
            }
        }
    }

    private protected abstract double Draw(RandomStream random, int inputs, int outputs);

    private protected static double DrawUniform(RandomStream random, double range) => ((2 * random.NextDouble()) - 1) * range;

    /// <summary>Uniform in [−range, range], or normal with the same variance, range² / 3.</summary>
    private protected static double Draw(RandomStream random, bool isNormal, double range) =>
        isNormal ? random.NextNormal() * (range / Math.Sqrt(3)) : DrawUniform(random, range);
}

internal sealed record ZeroInitializer : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) => 0;
}

internal sealed record UniformInitializer(double Range) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) => DrawUniform(random, Range);
}

internal sealed record GaussianInitializer(double Sigma) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) => random.NextNormal() * Sigma;
}

internal sealed record GlorotInitializer(bool IsNormal) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) =>
        Draw(random, IsNormal, Math.Sqrt(6.0 / ((double)inputs + outputs)));
}

internal sealed record HeInitializer(bool IsNormal) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) => Draw(random, IsNormal, Math.Sqrt(6.0 / inputs));
}

internal sealed record LeCunInitializer(bool IsNormal) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) => Draw(random, IsNormal, Math.Sqrt(3.0 / inputs));
}

internal sealed record NguyenWidrowInitializer : Initializer
{
    /// <summary>The factor of the paper; it is below 1 so that the active regions of the units overlap.</summary>
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

            // If all components are 0, there is no direction. This can happen with one input and a draw of exactly 0.
            double factor = squares > 0 ? length / Math.Sqrt(squares) : 0;
            for (int i = 0; i < direction.Length; i++)
            {
                layer.SetWeight(i, o, T.CreateChecked(direction[i] * factor));
            }

            // A shared bias is that of the first unit.
            double bias = ((2 * random.NextDouble()) - 1) * length;
            if (layer.Bias != BiasKind.Shared || o == 0)
            {
                layer.SetBias(o, T.CreateChecked(bias));
            }
        }
    }
}
