using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// Runs epochs under an adaptive learning rate. In full-batch mode an epoch is one update, judged by the error right before
/// and right after it; in mini-batch mode it is judged by its mean loss against the last accepted epoch's. A rejected epoch
/// is undone.
/// </summary>
internal sealed class RateJudge<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly EpochPass<T> _pass;
    private readonly AlignedBuffer<T> _parameters;
    private readonly AlignedBuffer<T> _before;
    private readonly UpdateStep<T> _step;
    private readonly AdaptiveRateControl _control;
    private readonly LossMeter<T>? _afterUpdate;

    public RateJudge(
        EpochPass<T> pass, AlignedBuffer<T> parameters, UpdateStep<T> step, AdaptiveRateControl control, LossMeter<T> trainingLoss)
    {
        _pass = pass;
        _parameters = parameters;
        _before = new AlignedBuffer<T>(parameters.Length);
        _step = step;
        _control = control;
        _afterUpdate = pass.IsFullBatch ? trainingLoss : null;
    }

    public double Rate => _control.Rate;

    /// <summary>The loss of the last accepted epoch; infinite before the first.</summary>
    public double AcceptedLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>Runs an epoch and undoes it if its error rose too much.</summary>
    /// <returns>The loss it was judged by, and whether it stays.</returns>
    public (double Loss, bool Accepted) Run(CancellationToken cancellationToken)
    {
        _parameters.Span.CopyTo(_before.Span);
        double loss = _pass.Run(Rate, cancellationToken);
        double reference = AcceptedLoss;
        if (_afterUpdate is not null)
        {
            reference = loss;
            loss = _afterUpdate.Measure();
        }

        bool accepted = _control.Accept(reference, loss);
        if (accepted)
        {
            AcceptedLoss = loss;
        }
        else
        {
            _before.Span.CopyTo(_parameters.Span);
            _step.Reset();
        }

        return (loss, accepted);
    }
}
