using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>
/// An epoch with an adaptive learning rate, like MATLAB's traingda: the loss over the training set after it, including penalties, is
/// compared with the loss after the last accepted epoch. A rejected epoch is undone. If all samples are one batch, an epoch is one update.
/// </summary>
/// <remarks>
/// The loss is measured in a separate forward pass, not taken from the batches. An epoch then starts from exactly the loss that it is
/// compared with, so that a small enough rate is always accepted.
/// </remarks>
internal sealed class AdaptiveEpoch<T> : Epoch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingParts<T> _parts;
    private readonly AdaptiveRate _figures;
    private readonly LossMeter<T> _trainingLoss;
    private readonly AlignedBuffer<T> _before;

    /// <summary>The learning rate, and the loss after the last accepted epoch: NaN until it is measured.</summary>
    private readonly double[] _state;

    public AdaptiveEpoch(TrainingParts<T> parts, StepOptimizer optimizer)
    {
        _parts = parts;
        _figures = optimizer.AdaptiveRate!;
        _trainingLoss = parts.CreateLossMeter();
        _before = new AlignedBuffer<T>(parts.Network.Parameters.Length);
        _state = [optimizer.Rate, double.NaN];
        Batches = new BatchEpoch<T>(parts, optimizer);
        Numbers = [.. Batches.Numbers, _state];
    }

    public override double Rate => _state[0];

    public override BatchEpoch<T> Batches { get; }

    public override IReadOnlyList<AlignedBuffer<T>> Memory => Batches.Memory;

    public override IReadOnlyList<double[]> Numbers { get; }

    public override bool NumbersMakeSense => double.IsFinite(Rate) && Rate >= 0;

    private ref double LastLoss => ref _state[1];

    private double Penalty => _parts.Options.Regularization.Penalty(_parts.Network);

    /// <returns>The training loss that decided about the epoch. If the loss is not finite before the epoch, it is returned as
    /// accepted.</returns>
    public override (double Loss, bool Accepted) Run(CancellationToken cancellationToken)
    {
        if (double.IsNaN(LastLoss))
        {
            LastLoss = _trainingLoss.Measure(cancellationToken) + Penalty;
        }

        if (!double.IsFinite(LastLoss))
        {
            return (LastLoss, true);
        }

        Span<T> parameters = _parts.Network.Parameters.Span;
        parameters.CopyTo(_before.Span);
        Batches.Run(Rate, cancellationToken);
        double loss = _trainingLoss.Measure(cancellationToken);
        bool accepted = Accept(loss + Penalty);
        if (!accepted)
        {
            _before.Span.CopyTo(parameters);
            _parts.BackPropagation.RefreshTransposed();
            Batches.ResetStep();
        }

        return (loss, accepted);
    }

    protected override void ForgetSamples() => LastLoss = double.NaN;

    /// <summary>Adapts the rate to the loss after an epoch, and returns whether the epoch is kept.</summary>
    private bool Accept(double loss)
    {
        if (!double.IsFinite(loss) || loss > LastLoss * _figures.ToleratedRise)
        {
            _state[0] *= _figures.Decrease;
            return false;
        }

        if (loss < LastLoss)
        {
            _state[0] *= _figures.Increase;
        }

        LastLoss = loss;
        return true;
    }
}
