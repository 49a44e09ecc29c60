namespace BpTrainer.Stopping;

/// <summary>Ends a training in the middle of an epoch: combines the user's token and the time budget into one token.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationToken _user;
    private readonly CancellationTokenSource? _budget;

    public StopSignal(CancellationToken user, TimeSpan? left)
    {
        _user = user;
        if (left is { } time)
        {
            _budget = CancellationTokenSource.CreateLinkedTokenSource(user);
            if (time < TimeSpan.FromMilliseconds(1))
            {
                // A timer has a resolution of a millisecond.
                _budget.Cancel();
            }
            else
            {
                _budget.CancelAfter(time);
            }
        }
    }

    /// <summary>The longest time budget. Timers accept at least <see cref="int.MaxValue"/> milliseconds, 24.8 days.</summary>
    public static TimeSpan LongestBudget { get; } = TimeSpan.FromDays(24);

    public CancellationToken Token => _budget?.Token ?? _user;

    /// <summary>Why training must end now; null to continue.</summary>
    public StopReason? Reason => _user.IsCancellationRequested ? StopReason.Cancelled
        : _budget is { IsCancellationRequested: true } ? StopReason.TimeBudgetReached
        : null;

    public void Dispose() => _budget?.Dispose();
}
