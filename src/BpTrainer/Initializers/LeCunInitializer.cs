namespace BpTrainer;

/// <summary>Uniform in [−r, r], r = √(3 / inputs), or normal with its variance.</summary>
internal sealed record LeCunInitializer(bool IsNormal) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) => Draw(random, IsNormal, Math.Sqrt(3.0 / inputs));
}
