namespace BpTrainer;

/// <summary>Weights by a function of input and output.</summary>
internal sealed record FunctionInitializer(Func<int, int, double> Weight) : Initializer
{
    internal override void Fill<T>(Layer<T> layer, RandomStream random)
    {
        for (int i = 0; i < layer.Inputs; i++)
        {
            for (int o = 0; o < layer.Outputs; o++)
            {
                layer.SetWeight(i, o, T.CreateChecked(GivenInitializer.CheckWeight(Weight(i, o), i, o)));
            }
        }
    }
}
