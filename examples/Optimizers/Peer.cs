namespace BpTrainer.Examples.Optimizers;

/// <summary>An optimizer in another library.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Summary">Its results.</param>
internal sealed record Peer(string Name, Summary Summary);
