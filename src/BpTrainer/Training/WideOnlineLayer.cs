using BpTrainer.Activations;
using BpTrainer.Optimizers;
using BpTrainer.Prediction;

namespace BpTrainer.Training;

/// <summary>A layer whose weights are stored as inputs × outputs. The vectors are blocks of a row; small layers have only one
/// block.</summary>
/// <remarks>
/// Forward and backward are separate methods, because the JIT stops inlining in a method that is too large, and each vector operation then
/// becomes a call. One method for all layers was eight times slower.
/// </remarks>
internal sealed unsafe class WideOnlineLayer<TSimd, TVector, T, TOperator, TOptimizer>(
    OnlinePlace<T> place, TOperator function, ActivationFunction<T>? called, OnlineUpdate<T, TOptimizer> update, OnlineLayer<T> next)
    : OnlineLayer<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOperator : struct, IElementwise<T>
    where TOptimizer : struct, IElementwiseOptimizer<T>
{
    private readonly int _inputs = place.Layout.Inputs;
    private readonly int _columns = place.Layout.PaddedOutputs;
    private readonly int _row = place.Layout.RowStride;
    private readonly int _weights = place.Layout.WeightOffset;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Learn(T* x, T* dx, in OnlineSample<T> sample)
    {
        T* a = sample.Work + place.Outputs;
        T* delta = sample.Work + place.Deltas;
        SampleForward<TSimd, TVector, T>.Wide(place.Layout, function, sample.Parameters, x, a);
        if (called is not null)
        {
            place.Apply(called, a, sample);
        }

        double loss = next.Learn(a, delta, sample);
        if (!double.IsFinite(loss))
        {
            return loss;
        }

        if (called is not null)
        {
            place.MultiplyByDerivative(called, a, delta, sample);
        }

        if (dx is null)
        {
            Update(x, a, delta, sample);
        }
        else
        {
            PropagateBackAndUpdate(x, dx, a, delta, sample);
        }

        return loss;
    }

    /// <summary>Updates the weights of the first layer by xᵀ·δ, one block of columns at a time, so that its δ stays in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Update(T* x, T* a, T* delta, in OnlineSample<T> sample)
    {
        TOperator f = function;
        TOptimizer optimizer = update.ForWeights(sample);
        nint row = _row, distance = update.Distance;
        T* weights = sample.Parameters + _weights;
        T* memory = sample.Memory + _weights;
        int inputs = _inputs, columns = _columns;
        for (int c = 0; c < columns; c += TSimd.Count)
        {
            TVector d = TSimd.Multiply(TSimd.Load(delta + c), f.Derivative<TSimd, TVector>(TSimd.Load(a + c)));
            TSimd.Store(d, delta + c);
            nint at = c;
            for (int i = 0; i < inputs; i++, at += row)
            {
                TVector gradient = TSimd.Multiply(TSimd.Broadcast(x[i]), d);
                ElementwiseUpdate<TSimd, TVector, T, TOptimizer>.Run(optimizer, weights + at, gradient, memory + at, distance);
            }
        }

        update.Finish<TSimd, TVector>(delta, sample);
    }

    /// <summary>Computes ∂L/∂x = δ·Wᵀ and makes the same update row by row: each row of weights gives one number of ∂L/∂x before it is
    /// updated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void PropagateBackAndUpdate(T* x, T* dx, T* a, T* delta, in OnlineSample<T> sample)
    {
        TOperator f = function;
        TOptimizer optimizer = update.ForWeights(sample);
        nint row = _row, distance = update.Distance;
        T* weights = sample.Parameters + _weights;
        T* memory = sample.Memory + _weights;
        int inputs = _inputs, columns = _columns;
        for (int c = 0; c < columns; c += TSimd.Count)
        {
            TVector slope = f.Derivative<TSimd, TVector>(TSimd.Load(a + c));
            TSimd.Store(TSimd.Multiply(TSimd.Load(delta + c), slope), delta + c);
        }

        for (int i = 0; i < inputs; i++, weights += row, memory += row)
        {
            TVector factor = TSimd.Broadcast(x[i]);
            TVector sum = default;
            for (int c = 0; c < columns; c += TSimd.Count)
            {
                TVector d = TSimd.Load(delta + c);
                TVector w = TSimd.Load(weights + c);
                sum = TSimd.MultiplyAdd(w, d, sum);
                ElementwiseUpdate<TSimd, TVector, T, TOptimizer>.Run(
                    optimizer, weights + c, w, TSimd.Multiply(factor, d), memory + c, distance);
            }

            dx[i] = TSimd.Sum(sum);
        }

        update.Finish<TSimd, TVector>(delta, sample);
    }
}
