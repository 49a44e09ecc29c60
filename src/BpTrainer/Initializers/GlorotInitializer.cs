namespace BpTrainer;

/// <summary>Uniform in [−r, r], r = √(6 / (inputs + outputs)).</summary>
internal sealed record GlorotInitializer : Initializer
{
    internal override double Draw(RandomStream random, int inputs, int outputs) => DrawUniform(random, Math.Sqrt(6.0 / (inputs + outputs)));
}
