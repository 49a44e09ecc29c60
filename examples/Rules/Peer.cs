namespace BpTrainer.Examples.Rules;

/// <summary>A rule in another library.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Summary">What it reached.</param>
internal sealed record Peer(string Name, Summary Summary);
