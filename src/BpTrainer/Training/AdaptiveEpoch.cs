using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>
/// An epoch under an adaptive learning rate: the loss over the training set right after it is compared with that after the last accepted
/// one, penalties included, and a rejected epoch is undone. With all samples in one batch an epoch is one update.
/// </summary>
/// <remarks>
/// The loss is measured with the weights as they are, for one more forward pass, not taken from the batches: an epoch then starts from
/// exactly the loss that it is judged against, so that a small enough rate is always accepted.
/// </remarks>
internal sealed class AdaptiveEpoch<T> : Epoch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingParts<T> _parts;
    private readonly LossMeter<T> _trainingLoss;
    private readonly AdaptiveRateControl _control;
    private readonly AlignedBuffer<T> _before;

    public AdaptiveEpoch(TrainingParts<T> parts, StepOptimizer optimizer)
    {
        _parts = parts;
        Batches = new BatchEpoch<T>(parts, optimizer);
        _trainingLoss = new LossMeter<T>(parts.Pass, parts.BackPropagation);
        _control = new AdaptiveRateControl(optimizer.AdaptiveRate!, optimizer.Rate);
        _before = new AlignedBuffer<T>(parts.Network.Parameters.Length);
        Numbers = [.. Batches.Numbers, _control.Numbers];
    }

    public override double Rate => _control.Rate;

    public override BatchEpoch<T> Batches { get; }

    public override IReadOnlyList<AlignedBuffer<T>> Memory => Batches.Memory;

    public override IReadOnlyList<double[]> Numbers { get; }

    public override bool NumbersMakeSense => double.IsFinite(Rate) && Rate >= 0;

    private double Penalty => _parts.Options.Regularization.Penalty(_parts.Network);

    /// <summary>Runs an epoch and undoes it if the loss rose too much.</summary>
    /// <returns>The training loss it was judged by, and whether it stays. One that was not finite before any epoch stays.</returns>
    public override (double Loss, bool Accepted) Run(CancellationToken cancellationToken)
    {
        if (double.IsNaN(_control.Loss))
        {
            _control.Begin(_trainingLoss.Measure(cancellationToken) + Penalty);
        }

        if (!double.IsFinite(_control.Loss))
        {
            return (_control.Loss, true);
        }

        Span<T> parameters = _parts.Network.Parameters.Span;
        parameters.CopyTo(_before.Span);
        Batches.Run(Rate, cancellationToken);
        double loss = _trainingLoss.Measure(cancellationToken);
        bool accepted = _control.Accept(loss + Penalty);
        if (!accepted)
        {
            _before.Span.CopyTo(parameters);
            _parts.BackPropagation.RefreshTransposed();
            Batches.ResetStep();
        }

        return (loss, accepted);
    }

    protected override void ForgetSamples() => _control.Begin(double.NaN);
}

/// <summary>A learning rate that watches the loss: the judgement of MATLAB's traingda.</summary>
internal sealed class AdaptiveRateControl(AdaptiveRate figures, double initialRate)
{
    /// <summary>All that is remembered: <see cref="Rate"/> and <see cref="Loss"/>.</summary>
    public double[] Numbers { get; } = [initialRate, double.NaN];

    public double Rate => Numbers[0];

    /// <summary>The loss after the last step that stayed; NaN before the first step.</summary>
    public double Loss => Numbers[1];

    /// <summary>Sets the loss before the first step; NaN if it has to be measured.</summary>
    public void Begin(double loss) => Numbers[1] = loss;

    /// <summary>Compares the losses before and after a step, and adapts the rate.</summary>
    /// <param name="after">The loss after the step; one that is not finite is a rise.</param>
    /// <returns>Whether the step stays; false means that it is to be undone.</returns>
    public bool Accept(double after)
    {
        if (!double.IsFinite(after) || after > Loss * figures.ToleratedRise)
        {
            Numbers[0] *= figures.Decrease;
            return false;
        }

        if (after < Loss)
        {
            Numbers[0] *= figures.Increase;
        }

        Numbers[1] = after;
        return true;
    }
}
