using BpTrainer.Losses;
using BpTrainer.Networks;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>The end of the layers: the loss, and the beginning of the update.</summary>
internal sealed unsafe class OnlineLoss<T>(LossFunction<T> loss, Workspace<T> work, LayerLayout last, OptimizerStep<T> step)
    : OnlineLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Behind linear outputs, z is a.
    private readonly int _netInput = last.Spec.Activation == Activation.Linear ? work.Outputs[^1].Start : work.NetInput.Start;
    private readonly int _columns = last.Outputs;
    private readonly bool _isCounting = step.Numbers.Length > 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Learn(T* x, T* dx, in OnlineSample<T> sample)
    {
        T* z = sample.Work + _netInput;
        double value = double.CreateTruncating(
            _columns == 1 ? loss.Evaluate(*z, *x, *sample.Target, sample.Factor, out *dx) : LossOfRow(z, x, dx, sample));
        if (_isCounting && double.IsFinite(value))
        {
            step.Begin(value);
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T LossOfRow(T* z, T* a, T* delta, in OnlineSample<T> sample)
    {
        T factor = sample.Factor;
        T value;
        var row = new LossRows<T>
        {
            NetInput = z,
            Output = a,
            Delta = delta,
            Target = sample.Target,
            Factor = &factor,
            Loss = &value,
            Rows = 1,
            Columns = _columns,
        };
        loss.Evaluate(row);
        return value;
    }
}
