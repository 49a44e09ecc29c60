namespace BpTrainer;

/// <summary>Uniform in [−r, r], r = √(6 / inputs).</summary>
internal sealed record HeInitializer : Initializer
{
    internal override double Draw(RandomStream random, int inputs, int outputs) => DrawUniform(random, Math.Sqrt(6.0 / inputs));
}
