using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// Runs epochs under an adaptive learning rate: the error over the training set right after an epoch is compared with that
/// after the last accepted one, penalties included, and a rejected epoch is undone. In full-batch mode an epoch is one
/// update.
/// </summary>
/// <remarks>
/// The error is measured with the weights as they are, for one forward pass more, not taken from the batches as they went
/// by: an epoch then starts from exactly the error that it is judged against, so that a small enough rate is always accepted.
/// </remarks>
internal sealed class RateJudge<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly EpochPass<T> _pass;
    private readonly AlignedBuffer<T> _parameters;
    private readonly AlignedBuffer<T> _before;
    private readonly BackPropagation<T> _backPropagation;
    private readonly UpdateStep<T> _step;
    private readonly AdaptiveRateControl _control;
    private readonly LossMeter<T> _trainingLoss;
    private readonly Func<double> _penalty;
    private double? _acceptedError;

    public RateJudge(
        EpochPass<T> pass,
        AlignedBuffer<T> parameters,
        BackPropagation<T> backPropagation,
        UpdateStep<T> step,
        AdaptiveRateControl control,
        LossMeter<T> trainingLoss,
        Func<double> penalty)
    {
        _pass = pass;
        _parameters = parameters;
        _before = new AlignedBuffer<T>(parameters.Length);
        _backPropagation = backPropagation;
        _step = step;
        _control = control;
        _trainingLoss = trainingLoss;
        _penalty = penalty;
    }

    public double Rate => _control.Rate;

    /// <summary>Runs an epoch and undoes it if the error rose too much.</summary>
    /// <returns>The training loss it was judged by, and whether it stays. One that was not finite before any epoch stays.</returns>
    public (double Loss, bool Accepted) Run(CancellationToken cancellationToken)
    {
        double before = _acceptedError ??= _trainingLoss.Measure(cancellationToken) + _penalty();
        if (!double.IsFinite(before))
        {
            return (before, true);
        }

        _parameters.Span.CopyTo(_before.Span);
        _pass.Run(Rate, cancellationToken);
        double loss = _trainingLoss.Measure(cancellationToken);
        double error = loss + _penalty();
        bool accepted = _control.Accept(before, error);
        if (accepted)
        {
            _acceptedError = error;
        }
        else
        {
            _before.Span.CopyTo(_parameters.Span);
            _backPropagation.RefreshTransposed();
            _step.Reset();
        }

        return (loss, accepted);
    }
}
