using System.Numerics;

namespace BpTrainer;

/// <summary>Batches with the rates of a range test, whatever rate they are given.</summary>
/// <param name="step">What learns.</param>
/// <param name="test">The test.</param>
/// <param name="end">Cancelled when the test is over.</param>
internal sealed class RangeTestStep<T>(BatchStep<T> step, RangeTest test, CancellationTokenSource end) : BatchStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override double Run(int[] order, int first, int count, T learningRate)
    {
        double rate = test.Rate;
        double loss = step.Run(order, first, count, T.CreateChecked(rate));
        test.Note(rate, loss);
        if (test.IsOver)
        {
            end.Cancel();
        }

        return loss;
    }

    public override void Finish() => step.Finish();
}
