namespace BpTrainer.Examples;

/// <summary>A mistake that the user can correct. The message is shown as one line, without a stack trace.</summary>
internal sealed class UserError(string message) : Exception(message);
