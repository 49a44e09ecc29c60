namespace BpTrainer.Examples.Optimizers;

/// <summary>An optimizer in another library.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Summary">What it reached.</param>
internal sealed record Peer(string Name, Summary Summary);
