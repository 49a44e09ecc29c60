namespace BpTrainer;

/// <summary>Draws the weights of a layer one by one, input after input, all from one distribution.</summary>
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

    /// <summary>Draws one weight of a layer.</summary>
    private protected abstract double Draw(RandomStream random, int inputs, int outputs);

    private protected static double DrawUniform(RandomStream random, double range) => ((2 * random.NextDouble()) - 1) * range;

    /// <summary>Uniform in [−range, range], or normal with the variance of that, range² / 3.</summary>
    private protected static double Draw(RandomStream random, bool isNormal, double range) =>
        isNormal ? random.NextNormal() * (range / Math.Sqrt(3)) : DrawUniform(random, range);
}
