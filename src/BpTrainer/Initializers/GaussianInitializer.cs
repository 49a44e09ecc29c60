namespace BpTrainer;

/// <summary>Normal with mean 0 and standard deviation sigma.</summary>
internal sealed record GaussianInitializer(double Sigma) : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) => random.NextNormal() * Sigma;
}
