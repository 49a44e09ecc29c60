namespace BpTrainer;

/// <summary>Uniform in [−range, range].</summary>
internal sealed record UniformInitializer(double Range) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) => DrawUniform(random, Range);
}
