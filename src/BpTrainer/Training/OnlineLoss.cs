using BpTrainer.Losses;
using BpTrainer.Networks;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>The end of the layers: computes the loss and begins the update.</summary>
internal sealed unsafe class OnlineLoss<T>(LossFunction<T> loss, Workspace<T> work, LayerLayout last, OptimizerStep<T> step)
    : OnlineLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // With linear outputs, z is a.
    private readonly int _netInput = last.Spec.Activation == Activation.Linear ? work.Outputs[^1].Start : work.NetInput.Start;
    private readonly int _columns = last.Outputs;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Learn(T* x, T* dx, in OnlineSample<T> sample)
    {
        T factor = sample.Factor;
        T value;
        var row = new LossRows<T>
        {
            NetInput = sample.Work + _netInput,
            Output = x,
            Delta = dx,
            Target = sample.Target,
            Factor = &factor,
            Loss = &value,
            Rows = 1,
            Columns = _columns,
        };
        loss.Evaluate(row);
        if (T.IsFinite(value))
        {
            step.Begin(double.CreateTruncating(value));
        }

        return double.CreateTruncating(value);
    }
}
