using Orleans.Runtime;

namespace BpTrainer.Orleans.Silos;

/// <summary>
/// Notes that a silo cannot go on, for example because the others have declared it dead. Orleans would end the process; here the silo alone
/// ends, so that a worker can start another and the user's program gets an exception.
/// </summary>
internal sealed class SiloEnd : IFatalErrorHandler
{
    private readonly TaskCompletionSource<string> _reason = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the reason.</summary>
    public Task<string> Reason => _reason.Task;

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null) =>
        _reason.TrySetResult(exception?.Message ?? context ?? "Orleans gave no reason.");
}
