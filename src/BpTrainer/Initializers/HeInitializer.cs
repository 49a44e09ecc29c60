namespace BpTrainer;

/// <summary>Uniform in [−r, r], r = √(6 / inputs), or normal with its variance.</summary>
internal sealed record HeInitializer(bool IsNormal) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) => Draw(random, IsNormal, Math.Sqrt(6.0 / inputs));
}
