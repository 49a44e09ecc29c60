using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// Incremental learning: forward, backward and update for one sample, without a gradient in memory. The gradient of a layer
/// is the outer product of its inputs and its error terms, which the update rule takes as it is.
/// </summary>
internal sealed unsafe class SampleStep<TSimd, TVector, T> : BatchStep<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerLayout[] _layouts;
    private readonly ActivationFunction<T>[] _activations;
    private readonly LossFunction<T> _loss;
    private readonly AlignedBuffer<T> _parameters;
    private readonly BatchSource<T> _source;
    private readonly UpdateStep<T> _update;
    private readonly Workspace<T> _work;
    private readonly T _biasRateFactor;
    private readonly DropoutMasks<T>? _dropout;
    private readonly T*[] _inputs;
    private readonly T*[] _outputs;
    private readonly T*[] _deltas;
    private readonly T*[] _kept;
    private readonly LossRows<T> _lossRows;

    public SampleStep(Network<T> network, TrainingOptions options, KernelKind kernel, BatchSource<T> source, UpdateStep<T> update)
    {
        _layouts = network.Layouts;
        _activations = Array.ConvertAll(_layouts, layout => layout.Spec.Activation.CreateFunction<T>(kernel));
        _loss = options.Loss.CreateFunction<T>(_layouts[^1].Spec);
        _parameters = network.Parameters;
        _source = source;
        _update = update;
        _work = new Workspace<T>(network, rows: 1);
        _biasRateFactor = T.CreateChecked(options.BiasRateFactor);
        _lossRows = _work.LossRows(_layouts[^1], first: 0, rows: 1);
        _dropout = DropoutMasks<T>.For(network, options, rows: 1);
        _inputs = new T*[_layouts.Length];
        _outputs = new T*[_layouts.Length];
        _deltas = new T*[_layouts.Length];
        _kept = new T*[_layouts.Length];
        for (int k = 0; k < _layouts.Length; k++)
        {
            _inputs[k] = (_dropout?[k]?.Values ?? (k == 0 ? _work.Inputs : _work.Outputs[k - 1])).Pointer;
            _outputs[k] = _work.Outputs[k].Pointer;
            _deltas[k] = _work.Deltas[k].Pointer;
            _kept[k] = _work.Kept[k] is { } kept ? kept.Pointer : null;
        }
    }

    public override void Exchange(CheckpointState state) => _dropout?.Exchange(state);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Run(int[] order, int first, int count, T learningRate)
    {
        _source.Gather(_work, order, first, 0, 1, 1);
        T* parameters = _parameters.Pointer;
        _dropout?.StartUpdate();
        for (int k = 0; k < _layouts.Length; k++)
        {
            _dropout?.Apply(k, k == 0 ? _work.Inputs : _work.Outputs[k - 1], 0, 1);
            Forward(k, parameters);
        }

        double loss = Loss();
        _update.Begin(loss);
        for (int k = _layouts.Length - 1; k >= 0; k--)
        {
            LayerLayout layout = _layouts[k];
            if (k > 0)
            {
                PropagateBack(layout, parameters, _deltas[k], _deltas[k - 1]);
                _dropout?[k]?.PropagateBack(_deltas[k - 1], 0, 1);
                MultiplyByDerivative(k - 1, parameters);
            }

            Update(layout, parameters, _inputs[k], _deltas[k], learningRate);
            if (layout.HasSlopes)
            {
                _update.Apply(parameters + layout.SlopeOffset, _kept[k], layout.SlopeOffset, layout.SlopeLength, learningRate);
            }
        }

        return loss;
    }

    /// <summary>z = x·W + b, a = f(z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(int layer, T* parameters)
    {
        LayerLayout layout = _layouts[layer];
        T* a = _outputs[layer];
        SampleForward<TSimd, TVector, T>.NetInput(layout, parameters, _inputs[layer], a);
        if (layer == _layouts.Length - 1)
        {
            for (int o = 0; o < layout.Outputs; o++)
            {
                _work.NetInput.Pointer[o] = a[o];
            }
        }

        _activations[layer].Apply(a, parameters + layout.SlopeOffset, _kept[layer], 1, layout.Outputs, layout.OutputStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MultiplyByDerivative(int layer, T* parameters)
    {
        LayerLayout layout = _layouts[layer];
        _activations[layer].MultiplyByDerivative(
            _deltas[layer], _outputs[layer], parameters + layout.SlopeOffset, _kept[layer], 1, layout.Outputs, layout.OutputStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Loss()
    {
        _loss.Evaluate(_lossRows);
        if (!_loss.IsMatched)
        {
            MultiplyByDerivative(_layouts.Length - 1, _parameters.Pointer);
        }

        return double.CreateTruncating(*_lossRows.Loss);
    }

    /// <summary>∂L/∂x = δ·Wᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PropagateBack(LayerLayout layout, T* parameters, T* delta, T* dx)
    {
        T* weights = parameters + layout.WeightOffset;
        if (layout.IsNarrow)
        {
            SampleForward<TSimd, TVector, T>.Multiply(
                delta, weights, layout.RowStride, dx, null, layout.PaddedInputs, layout.Outputs);
            return;
        }

        for (int i = 0; i < layout.Inputs; i++, weights += layout.RowStride)
        {
            dx[i] = SampleForward<TSimd, TVector, T>.Dot(weights, delta, layout.PaddedOutputs);
        }
    }

    /// <summary>∂L/∂W = xᵀ·δ, ∂L/∂b = δ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update(LayerLayout layout, T* parameters, T* x, T* delta, T learningRate)
    {
        if (layout.IsNarrow)
        {
            _update.ApplyOuterProduct(parameters, layout.WeightOffset, delta, layout.Outputs, x, layout.RowStride, learningRate);
        }
        else
        {
            _update.ApplyOuterProduct(parameters, layout.WeightOffset, x, layout.Inputs, delta, layout.RowStride, learningRate);
        }

        if (layout.Spec.Bias == BiasKind.Frozen)
        {
            return;
        }

        if (layout.Spec.Bias == BiasKind.Shared)
        {
            var terms = new Span<T>(delta, layout.Outputs);
            T total = T.Zero;
            foreach (T term in terms)
            {
                total += term;
            }

            terms.Fill(total);
        }

        _update.Apply(parameters + layout.BiasOffset, delta, layout.BiasOffset, layout.BiasLength, learningRate * _biasRateFactor);
    }
}
