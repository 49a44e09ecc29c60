using BpTrainer.Numbers;

namespace BpTrainer.Initializers;

/// <summary>Uniform in [−r, r], r = √(6 / (inputs + outputs)), or normal with its variance.</summary>
internal sealed record GlorotInitializer(bool IsNormal) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) =>
        Draw(random, IsNormal, Math.Sqrt(6.0 / ((double)inputs + outputs)));
}

/// <summary>Uniform in [−r, r], r = √(6 / inputs), or normal with its variance.</summary>
internal sealed record HeInitializer(bool IsNormal) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) => Draw(random, IsNormal, Math.Sqrt(6.0 / inputs));
}

/// <summary>Uniform in [−r, r], r = √(3 / inputs), or normal with its variance.</summary>
internal sealed record LeCunInitializer(bool IsNormal) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) => Draw(random, IsNormal, Math.Sqrt(3.0 / inputs));
}
