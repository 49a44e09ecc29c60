namespace BpTrainer;

/// <summary>Uniform in [−range, range].</summary>
internal sealed record UniformInitializer(double Range) : Initializer
{
    internal override double Draw(RandomStream random, int inputs, int outputs) => DrawUniform(random, Range);
}
