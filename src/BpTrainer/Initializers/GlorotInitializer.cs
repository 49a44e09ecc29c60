namespace BpTrainer;

/// <summary>Uniform in [−r, r], r = √(6 / (inputs + outputs)), or normal with its variance.</summary>
internal sealed record GlorotInitializer(bool IsNormal) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) =>
        Draw(random, IsNormal, Math.Sqrt(6.0 / ((double)inputs + outputs)));
}
