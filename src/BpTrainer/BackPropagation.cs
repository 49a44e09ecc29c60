using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// Back-propagation on a batch of samples (Rumelhart, Hinton and Williams, Nature 323, 1986). For layer k, with a₀ = x:
/// <code>
/// forward    zₖ = aₖ₋₁·Wₖ + bₖ      aₖ = fₖ(zₖ)
/// last       δ = ∂E/∂z             (a − y for a matched pair, else ∂E/∂a ⊙ f′)
/// backward   δₖ = (δₖ₊₁·Wₖ₊₁ᵀ) ⊙ fₖ′
/// gradients  ∂E/∂Wₖ = aₖ₋₁ᵀ·δₖ      ∂E/∂bₖ = column sums of δₖ
/// </code>
/// Forward and backward work on any range of rows, gradients on any range of weights, so that threads can share them.
/// </summary>
internal sealed unsafe class BackPropagation<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerLayout[] _layouts;
    private readonly LayerStep<T>[] _steps;
    private readonly LossFunction<T> _loss;
    private readonly AlignedBuffer<T> _parameters;
    private readonly Workspace<T> _work;

    public BackPropagation(Network<T> network, Loss loss, Workspace<T> work)
    {
        _layouts = network.Layouts;
        _parameters = network.Parameters;
        _work = work;
        MatrixKernel<T> kernel = MatrixKernels.Create<T>();
        _steps = Array.ConvertAll(_layouts, layout => new LayerStep<T>(layout, kernel));
        _loss = loss.CreateFunction<T>(_layouts[^1].Spec.Activation);
    }

    private int Last => _steps.Length - 1;

    /// <summary>zₖ and aₖ of every layer, for the rows from first up to end of the workspace.</summary>
    public void Forward(int first, int end)
    {
        for (int k = 0; k <= Last; k++)
        {
            int stride = _layouts[k].OutputStride;
            T* outputs = RowOf(_work.Outputs[k], first, stride);
            _steps[k].NetInput(_parameters.Pointer, InputsOf(k, first), InputStrideOf(k), outputs, end - first);
            if (k == Last)
            {
                new ReadOnlySpan<T>(outputs, (end - first) * stride)
                    .CopyTo(_work.NetInput.Span.Slice(first * stride, (end - first) * stride));
            }

            _steps[k].Activation.Apply(outputs, end - first, _layouts[k].Outputs, stride);
        }
    }

    /// <summary>The loss of every row, and δ of the last layer.</summary>
    public void Loss(int first, int end)
    {
        LayerLayout layout = _layouts[Last];
        int columns = layout.Outputs;
        int stride = layout.OutputStride;
        T* outputs = RowOf(_work.Outputs[Last], first, stride);
        T* deltas = RowOf(_work.Deltas[Last], first, stride);
        for (int row = first; row < end; row++)
        {
            T* delta = deltas + ((row - first) * stride);
            T loss = _loss.Evaluate(
                RowOf(_work.NetInput, row, stride), outputs + ((row - first) * stride), RowOf(_work.Targets, row, columns), delta, columns);
            T factor = _work.RowFactors.Pointer[row];
            _work.RowLosses.Pointer[row] = loss * factor;
            for (int c = 0; c < columns; c++)
            {
                delta[c] *= factor;
            }
        }

        if (!_loss.IsMatched)
        {
            _steps[Last].Activation.MultiplyByDerivative(deltas, outputs, end - first, columns, stride);
        }
    }

    /// <summary>δₖ of every layer before the last.</summary>
    public void Backward(int first, int end)
    {
        for (int k = Last; k > 0; k--)
        {
            LayerLayout before = _layouts[k - 1];
            T* delta = RowOf(_work.Deltas[k - 1], first, before.OutputStride);
            _steps[k].PropagateBack(
                _parameters.Pointer, RowOf(_work.Deltas[k], first, _layouts[k].OutputStride), delta, before.OutputStride, end - first);
            _steps[k - 1].Activation.MultiplyByDerivative(
                delta, RowOf(_work.Outputs[k - 1], first, before.OutputStride), end - first, before.Outputs, before.OutputStride);
        }
    }

    /// <summary>The gradients of all parameters, from the first <paramref name="rows"/> rows of the workspace.</summary>
    public void Gradient(T* gradient, int rows)
    {
        for (int k = 0; k <= Last; k++)
        {
            T* delta = _work.Deltas[k].Pointer;
            _steps[k].WeightGradient(gradient, InputsOf(k, 0), InputStrideOf(k), delta, rows, 0, _layouts[k].Rows);
            _steps[k].BiasGradient(gradient, delta, rows);
        }
    }

    private T* InputsOf(int layer, int row) => layer == 0
        ? RowOf(_work.Inputs, row, _work.InputStride)
        : RowOf(_work.Outputs[layer - 1], row, _layouts[layer - 1].OutputStride);

    private int InputStrideOf(int layer) => layer == 0 ? _work.InputStride : _layouts[layer - 1].OutputStride;

    private static T* RowOf(AlignedBuffer<T> matrix, int row, int stride) => matrix.Pointer + (row * (nint)stride);
}
