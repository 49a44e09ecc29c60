using System.Numerics;
using System.Runtime.CompilerServices;
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
/// Forward, loss and backward work on any range of rows, gradients on any range of weights: threads share a batch by taking
/// ranges, and every number is computed by one of them in one order.
/// </summary>
/// <remarks>
/// With dropout a layer reads m ⊙ aₖ₋₁ for a mask m of zeros and 1 / (1 − p) instead of aₖ₋₁, in the gradients too, and the
/// error comes back through the same mask: δₖ = (δₖ₊₁·Wₖ₊₁ᵀ) ⊙ m ⊙ fₖ′. The derivative still needs the whole aₖ.
/// </remarks>
internal sealed unsafe class BackPropagation<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerStep<T>[] _steps;
    private readonly LossFunction<T> _loss;
    private readonly AlignedBuffer<T> _parameters;
    private readonly Workspace<T> _work;

    public BackPropagation(Network<T> network, Loss loss, KernelKind kernel, Workspace<T> work)
    {
        Layouts = network.Layouts;
        _parameters = network.Parameters;
        _work = work;
        _steps = new LayerStep<T>[Layouts.Length];
        for (int k = 0; k < _steps.Length; k++)
        {
            _steps[k] = new LayerStep<T>(Layouts[k], kernel, propagatesBack: k > 0);
        }

        _loss = loss.CreateFunction<T>(Layouts[^1].Spec);
        RefreshTransposed();
    }

    public LayerLayout[] Layouts { get; }

    private int Last => _steps.Length - 1;

    /// <summary>zₖ and aₖ of every layer, for the rows from first up to end of the workspace; to measure a loss without dropout.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(int first, int end, DropoutMasks<T>? dropout = null)
    {
        for (int k = 0; k <= Last; k++)
        {
            dropout?.Apply(k, k == 0 ? _work.Inputs : _work.Outputs[k - 1], first, end);
            int stride = Layouts[k].OutputStride;
            T* outputs = RowOf(_work.Outputs[k], first, stride);
            _steps[k].NetInput(_parameters.Pointer, InputsOf(k, first, dropout), InputStrideOf(k), outputs, end - first);
            if (k == Last)
            {
                new ReadOnlySpan<T>(outputs, (end - first) * stride)
                    .CopyTo(_work.NetInput.Span.Slice(first * stride, (end - first) * stride));
            }

            _steps[k].Activate(_parameters.Pointer, outputs, KeptOf(k, first), end - first);
        }
    }

    /// <summary>The loss of every row, and δ of the last layer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Loss(int first, int end)
    {
        LossRows<T> rows = _work.LossRows(Layouts[Last], first, end - first);
        _loss.Evaluate(rows);
        if (!_loss.IsMatched)
        {
            _steps[Last].MultiplyByDerivative(_parameters.Pointer, rows.Delta, rows.Output, KeptOf(Last, first), rows.Rows);
        }
    }

    /// <summary>Makes δ of the last layer ∂a/∂z for one output a of the network, in place of ∂E/∂z.</summary>
    public void SeedOutput(int output, int first, int end)
    {
        LayerLayout layout = Layouts[Last];
        T* delta = RowOf(_work.Deltas[Last], first, layout.OutputStride);
        new Span<T>(delta, (end - first) * layout.OutputStride).Clear();
        for (int row = 0; row < end - first; row++)
        {
            delta[(row * (nint)layout.OutputStride) + output] = T.One;
        }

        T* outputs = RowOf(_work.Outputs[Last], first, layout.OutputStride);
        _steps[Last].MultiplyByDerivative(_parameters.Pointer, delta, outputs, KeptOf(Last, first), end - first);
    }

    /// <summary>δₖ of every layer before the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(int first, int end, DropoutMasks<T>? dropout = null)
    {
        for (int k = Last; k > 0; k--)
        {
            LayerLayout before = Layouts[k - 1];
            T* delta = RowOf(_work.Deltas[k - 1], first, before.OutputStride);
            _steps[k].PropagateBack(
                _parameters.Pointer, RowOf(_work.Deltas[k], first, Layouts[k].OutputStride), delta, before.OutputStride, end - first);
            dropout?[k]?.PropagateBack(_work.Deltas[k - 1].Pointer, first, end);
            _steps[k - 1].MultiplyByDerivative(
                _parameters.Pointer, delta, RowOf(_work.Outputs[k - 1], first, before.OutputStride), KeptOf(k - 1, first), end - first);
        }
    }

    /// <summary>
    /// The gradient of a part of the parameters, from the first <paramref name="rows"/> rows of the workspace, to
    /// <paramref name="gradient"/>, where the part lies as it does among the parameters.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gradient(ParameterPart part, T* gradient, bool accumulate, int rows, DropoutMasks<T>? dropout = null)
    {
        T* delta = _work.Deltas[part.Layer].Pointer;
        switch (part.Kind)
        {
            case ParameterKind.Biases:
                _steps[part.Layer].BiasGradient(gradient, accumulate, delta, rows);
                break;
            case ParameterKind.Slopes:
                _steps[part.Layer].SlopeGradient(gradient, accumulate, KeptOf(part.Layer, 0), rows);
                break;
            default:
                T* inputs = InputsOf(part.Layer, 0, dropout);
                _steps[part.Layer].WeightGradient(
                    gradient, accumulate, inputs, InputStrideOf(part.Layer), delta, rows, part.FirstRow, part.EndRow);
                break;
        }
    }

    /// <summary>What remains to do for a part of the gradient when all samples of the batch are in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FinishGradient(ParameterPart part, T* gradient)
    {
        if (part.Kind == ParameterKind.Biases)
        {
            _steps[part.Layer].ShareBiasGradient(gradient);
        }
    }

    /// <summary>Σg² of a part of the gradient. A shared bias is one parameter, whose gradient every unit has a copy of: it counts once.</summary>
    public double SumOfSquares(ParameterPart part, T* gradient)
    {
        LayerLayout layout = Layouts[part.Layer];
        bool isShared = part.Kind == ParameterKind.Biases && layout.Spec.Bias == BiasKind.Shared;
        return Regularizer<T>.SumOfSquares(gradient, isShared ? 1 : part.Length);
    }

    /// <summary>Follows a change of a part of the parameters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void RefreshTransposed(ParameterPart part)
    {
        if (part.Kind == ParameterKind.Weights)
        {
            _steps[part.Layer].RefreshTransposed(_parameters.Pointer, part.FirstRow, part.EndRow);
        }
    }

    /// <summary>Follows a change of any parameters.</summary>
    public void RefreshTransposed()
    {
        for (int k = 0; k <= Last; k++)
        {
            _steps[k].RefreshTransposed(_parameters.Pointer, 0, Layouts[k].Rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* InputsOf(int layer, int row, DropoutMasks<T>? dropout)
    {
        AlignedBuffer<T> inputs = dropout?[layer]?.Values ?? (layer == 0 ? _work.Inputs : _work.Outputs[layer - 1]);
        return RowOf(inputs, row, InputStrideOf(layer));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* KeptOf(int layer, int row) =>
        _work.Kept[layer] is { } kept ? RowOf(kept, row, Layouts[layer].OutputStride) : null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int InputStrideOf(int layer) => layer == 0 ? _work.InputStride : Layouts[layer - 1].OutputStride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* RowOf(AlignedBuffer<T> matrix, int row, int stride) => matrix.Pointer + (row * (nint)stride);
}
