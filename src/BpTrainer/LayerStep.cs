using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// The four computations of one layer, on the rows of a batch. Shapes: x rows × inputs, z, a and δ rows × outputs,
/// W inputs × outputs, b 1 × outputs.
/// </summary>
internal sealed unsafe class LayerStep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerLayout _layout;
    private readonly MatrixKernel<T> _kernel;

    public LayerStep(LayerLayout layout, MatrixKernel<T> kernel)
    {
        _layout = layout;
        _kernel = kernel;
        Activation = layout.Spec.Activation.CreateFunction<T>();
    }

    public ActivationFunction<T> Activation { get; }

    /// <summary>z = x·W + b.</summary>
    public void NetInput(T* parameters, T* x, nint xStride, T* z, int rows)
    {
        T* weights = parameters + _layout.WeightOffset;
        T* biases = parameters + _layout.BiasOffset;
        if (_layout.IsNarrow)
        {
            _kernel.MultiplyTransposed(
                x, xStride, weights, _layout.RowStride, z, _layout.OutputStride, rows, _layout.Outputs, _layout.Inputs, biases);
        }
        else
        {
            _kernel.Multiply(
                x, xStride, 1, weights, _layout.RowStride, z, _layout.OutputStride, rows, _layout.RowStride, _layout.Inputs, biases);
        }
    }

    /// <summary>∂L/∂x = δ·Wᵀ, with xStride columns of which those past the inputs become 0.</summary>
    public void PropagateBack(T* parameters, T* delta, T* dx, nint xStride, int rows)
    {
        T* weights = parameters + _layout.WeightOffset;
        if (_layout.IsNarrow)
        {
            _kernel.Multiply(
                delta, _layout.OutputStride, 1, weights, _layout.RowStride, dx, xStride, rows, (int)xStride, _layout.Outputs, null);
        }
        else
        {
            _kernel.MultiplyTransposed(
                delta, _layout.OutputStride, weights, _layout.RowStride, dx, xStride, rows, _layout.Inputs, _layout.Outputs, null);
        }
    }

    /// <summary>∂L/∂W = xᵀ·δ, for the stored rows of weights from <paramref name="first"/> up to <paramref name="end"/>.</summary>
    public void WeightGradient(T* gradient, T* x, nint xStride, T* delta, int rows, int first, int end)
    {
        T* to = gradient + _layout.WeightOffset + (first * (nint)_layout.RowStride);
        if (_layout.IsNarrow)
        {
            _kernel.Multiply(
                delta + first, 1, _layout.OutputStride, x, xStride, to, _layout.RowStride, end - first, _layout.RowStride, rows, null);
        }
        else
        {
            _kernel.Multiply(
                x + first, 1, xStride, delta, _layout.OutputStride, to, _layout.RowStride, end - first, _layout.RowStride, rows, null);
        }
    }

    /// <summary>∂L/∂b = the column sums of δ; their sum for a shared bias; 0 for a frozen one.</summary>
    public void BiasGradient(T* gradient, T* delta, int rows)
    {
        var sums = new Span<T>(gradient + _layout.BiasOffset, _layout.Outputs);
        sums.Clear();
        if (_layout.Spec.Bias == BiasKind.Frozen)
        {
            return;
        }

        for (int row = 0; row < rows; row++, delta += _layout.OutputStride)
        {
            for (int c = 0; c < sums.Length; c++)
            {
                sums[c] += delta[c];
            }
        }

        if (_layout.Spec.Bias == BiasKind.Shared)
        {
            T total = T.Zero;
            foreach (T sum in sums)
            {
                total += sum;
            }

            sums.Fill(total);
        }
    }
}
