using BpTrainer.Activations;
using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Prediction;

namespace BpTrainer.Training;

/// <summary>A layer with few units, whose weights are stored as outputs × inputs. The vectors are blocks of the inputs, which are
/// padded.</summary>
internal sealed unsafe class NarrowOnlineLayer<TSimd, TVector, T, TOptimizer>(
    OnlinePlace<T> place, ActivationFunction<T> activation, OnlineUpdate<T, TOptimizer> update, OnlineLayer<T> next) : OnlineLayer<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptimizer : struct, IElementwiseOptimizer<T>
{
    private readonly int _columns = place.Layout.PaddedInputs;
    private readonly int _outputs = place.Layout.Outputs;
    private readonly int _row = place.Layout.RowStride;
    private readonly int _weights = place.Layout.WeightOffset;
    private readonly bool _isLinear = place.Layout.Spec.Activation == Activation.Linear;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Learn(T* x, T* dx, in OnlineSample<T> sample)
    {
        T* a = sample.Work + place.Outputs;
        T* delta = sample.Work + place.Deltas;
        T* weights = sample.Parameters + _weights;
        SampleForward<TSimd, TVector, T>.Narrow(place.Layout, sample.Parameters, x, a);
        if (!_isLinear)
        {
            place.Apply(activation, a, sample);
        }

        double loss = next.Learn(a, delta, sample);
        if (!double.IsFinite(loss))
        {
            return loss;
        }

        if (!_isLinear)
        {
            place.MultiplyByDerivative(activation, a, delta, sample);
        }

        TOptimizer optimizer = update.ForWeights(sample);
        T* memory = sample.Memory + _weights;
        nint row = _row, distance = update.Distance;
        int columns = _columns, outputs = _outputs;
        for (int c = 0; c < columns; c += TSimd.Count)
        {
            TVector inputs = TSimd.Load(x + c);
            TVector sum = default;
            nint at = c;
            for (int o = 0; o < outputs; o++, at += row)
            {
                TVector factor = TSimd.Broadcast(delta[o]);
                TVector w = TSimd.Load(weights + at);
                sum = TSimd.MultiplyAdd(factor, w, sum);
                ElementwiseUpdate<TSimd, TVector, T, TOptimizer>.Run(
                    optimizer, weights + at, w, TSimd.Multiply(factor, inputs), memory + at, distance);
            }

            if (dx is not null)
            {
                TSimd.Store(sum, dx + c);
            }
        }

        update.Finish<SimdScalar<T>, T>(delta, sample);
        return loss;
    }
}
