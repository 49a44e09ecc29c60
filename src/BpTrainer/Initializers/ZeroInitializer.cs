namespace BpTrainer;

/// <summary>0 for every weight.</summary>
internal sealed record ZeroInitializer : IndependentInitializer
{
    private protected override double Draw(RandomStream random, int inputs, int outputs) => 0;
}
