using BpTrainer.Activations;
using BpTrainer.Losses;
using BpTrainer.Optimizers;
using BpTrainer.Prediction;

namespace BpTrainer.Training;

/// <summary>
/// A last layer with one unit, which has its activation and the loss in its code: from the sum to the error term, all operations are on
/// single numbers.
/// </summary>
internal sealed unsafe class OneOutputLayer<TSimd, TVector, T, TOperator, TLoss, TOptimizer>(
    OnlinePlace<T> place, TOperator function, TLoss loss, OnlineUpdate<T, TOptimizer> update) : OnlineLayer<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOperator : struct, IElementwise<T>
    where TLoss : struct, IOutputLoss<T>
    where TOptimizer : struct, IElementwiseOptimizer<T>
{
    private readonly int _columns = place.Layout.PaddedInputs;
    private readonly int _weights = place.Layout.WeightOffset;
    private readonly int _bias = place.Layout.BiasOffset;
    private readonly bool _hasMatchedLoss = place.HasMatchedLoss;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Learn(T* x, T* dx, in OnlineSample<T> sample)
    {
        TOperator f = function;
        TLoss ofOutput = loss;
        T* weights = sample.Parameters + _weights;
        int columns = _columns;
        T z = sample.Parameters[_bias] + SampleForward<TSimd, TVector, T>.Dot(x, weights, columns);
        T a = f.Value<SimdScalar<T>, T>(z);
        T value = ofOutput.Evaluate(z, a, *sample.Target, out T delta) * sample.Factor;
        delta *= sample.Factor;
        if (!_hasMatchedLoss)
        {
            delta *= f.Derivative<SimdScalar<T>, T>(a);
        }

        if (!T.IsFinite(value))
        {
            return double.CreateTruncating(value);
        }

        update.Begin(value);
        TOptimizer optimizer = update.ForWeights(sample);
        nint distance = update.Distance;
        T* memory = sample.Memory + _weights;
        TVector factor = TSimd.Broadcast(delta);
        for (int c = 0; c < columns; c += TSimd.Count)
        {
            TVector w = TSimd.Load(weights + c);
            TVector gradient = TSimd.Multiply(factor, TSimd.Load(x + c));
            if (dx is not null)
            {
                TSimd.Store(TSimd.Multiply(factor, w), dx + c);
            }

            ElementwiseUpdate<TSimd, TVector, T, TOptimizer>.Run(optimizer, weights + c, w, gradient, memory + c, distance);
        }

        if (update.TrainsBiases)
        {
            ElementwiseUpdate<SimdScalar<T>, T, T, TOptimizer>.Run(
                update.ForBiases(sample), sample.Parameters + _bias, delta, sample.Memory + _bias, distance);
        }

        return double.CreateTruncating(value);
    }
}
