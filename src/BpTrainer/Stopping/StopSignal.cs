namespace BpTrainer.Stopping;

/// <summary>
/// What ends a training in the middle of an epoch: the user's token, or the end of the time budget. Both are one token, looked at after
/// every batch.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationToken _user;
    private readonly CancellationTokenSource? _budget;

    /// <param name="user">The user's token.</param>
    /// <param name="left">What is left of the time budget; null for no limit.</param>
    public StopSignal(CancellationToken user, TimeSpan? left)
    {
        _user = user;
        if (left is { } time)
        {
            _budget = CancellationTokenSource.CreateLinkedTokenSource(user);
            if (time < TimeSpan.FromMilliseconds(1))
            {
                // Less than a timer can tell from nothing.
                _budget.Cancel();
            }
            else
            {
                _budget.CancelAfter(time);
            }
        }
    }

    /// <summary>The longest time that a timer takes, less a day.</summary>
    public static TimeSpan LongestBudget { get; } = TimeSpan.FromDays(24);

    public CancellationToken Token => _budget?.Token ?? _user;

    /// <summary>Why training is to end now; null to continue.</summary>
    public StopReason? Reason => _user.IsCancellationRequested ? StopReason.Cancelled
        : _budget is { IsCancellationRequested: true } ? StopReason.TimeBudgetReached
        : null;

    public void Dispose() => _budget?.Dispose();
}
