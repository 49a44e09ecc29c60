using System.Numerics;
using BpTrainer.Kernels;
using BpTrainer.Numbers;
using BpTrainer.Training;

namespace BpTrainer.Optimizers;

/// <summary>
/// Runs epochs under an adaptive learning rate: the error over the training set right after an epoch is compared with that
/// after the last accepted one, penalties included, and a rejected epoch is undone. In full-batch mode an epoch is one
/// update.
/// </summary>
/// <remarks>
/// The error is measured with the weights as they are, for one forward pass more, not taken from the batches as they went
/// by: an epoch then starts from exactly the error that it is judged against, so that a small enough rate is always accepted.
/// </remarks>
internal sealed class AdaptiveRateLearner<T>(TrainingParts<T> parts, OptimizerStep<T> step, AdaptiveRateControl control) : Learner<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LossMeter<T> _trainingLoss = parts.CreateLossMeter();
    private readonly AlignedBuffer<T> _before = new(parts.Network.Parameters.Length);

    public override double Rate => control.Rate;

    public override EpochPass<T> Pass { get; } = parts.CreatePass(step);

    public override IReadOnlyList<AlignedBuffer<T>> Memory => step.Memory;

    public override IReadOnlyList<double[]> Numbers { get; } = [step.Numbers, control.Numbers];

    public override bool NumbersMakeSense => double.IsFinite(Rate) && Rate >= 0;

    public override void ForgetSamples() => control.Begin(double.NaN);

    /// <summary>Runs an epoch and undoes it if the error rose too much.</summary>
    /// <returns>The training loss it was judged by, and whether it stays. One that was not finite before any epoch stays.</returns>
    public override (double Loss, bool Accepted) Run(CancellationToken cancellationToken)
    {
        if (double.IsNaN(control.Error))
        {
            control.Begin(_trainingLoss.Measure(cancellationToken) + Penalty);
        }

        if (!double.IsFinite(control.Error))
        {
            return (control.Error, true);
        }

        Span<T> parameters = parts.Network.Parameters.Span;
        parameters.CopyTo(_before.Span);
        Pass.Run(Rate, cancellationToken);
        double loss = _trainingLoss.Measure(cancellationToken);
        bool accepted = control.Accept(loss + Penalty);
        if (!accepted)
        {
            _before.Span.CopyTo(parameters);
            parts.BackPropagation.RefreshTransposed();
            step.Reset();
        }

        return (loss, accepted);
    }

    private double Penalty => parts.Options.Regularization.Penalty(parts.Network);
}

/// <summary>By which figures a learning rate adapts to the loss; see <see cref="Optimizer.AdaptiveGradientDescent"/>.</summary>
internal sealed record AdaptiveRate(double Increase, double Decrease, double ToleratedRise)
{
    public void Validate()
    {
        Guard.FiniteAtLeast(Increase, 1);
        Guard.InnerShare(Decrease);
        Guard.FiniteAtLeast(ToleratedRise, 1);
    }
}

/// <summary>A learning rate that watches the loss: the judgement of MATLAB's traingda.</summary>
internal sealed class AdaptiveRateControl(AdaptiveRate figures, double initialRate)
{
    /// <summary>All that is remembered: <see cref="Rate"/> and <see cref="Error"/>.</summary>
    public double[] Numbers { get; } = [initialRate, double.NaN];

    public double Rate => Numbers[0];

    /// <summary>The error after the last step that stayed; NaN before the first step.</summary>
    public double Error => Numbers[1];

    /// <summary>Takes note of the error before the first step; NaN if it has to be measured.</summary>
    public void Begin(double error) => Numbers[1] = error;

    /// <summary>Compares the errors before and after a step, and adapts the rate.</summary>
    /// <param name="after">The error after the step; one that is not finite is a rise.</param>
    /// <returns>Whether the step stays; false means that it is to be undone.</returns>
    public bool Accept(double after)
    {
        if (!double.IsFinite(after) || after > Error * figures.ToleratedRise)
        {
            Numbers[0] *= figures.Decrease;
            return false;
        }

        if (after < Error)
        {
            Numbers[0] *= figures.Increase;
        }

        Numbers[1] = after;
        return true;
    }
}
