namespace BpTrainer.Tests;

/// <summary>Tests that others beside them would disturb: they count bytes, which a collection adds to, or have little time.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
