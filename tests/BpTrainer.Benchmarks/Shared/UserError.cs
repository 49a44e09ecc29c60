namespace BpTrainer.Benchmarks;

/// <summary>Something the user can put right: the message is shown as one line, without a stack trace.</summary>
internal sealed class UserError(string message) : Exception(message);
