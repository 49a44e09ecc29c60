using BpTrainer.Losses;
using BpTrainer.Networks;
using BpTrainer.Prediction;
using BpTrainer.Regularizers;
using BpTrainer.Threads;

namespace BpTrainer.Training;

/// <summary>
/// Back-propagation on a batch of samples (Rumelhart, Hinton and Williams, Nature 323, 1986). For layer k, with a₀ = x:
/// <code>
/// forward    zₖ = aₖ₋₁·Wₖ + bₖ      aₖ = fₖ(zₖ)
/// last       δ = ∂E/∂z             (a − y for a matched pair, else ∂E/∂a ⊙ f′)
/// backward   δₖ = (δₖ₊₁·Wₖ₊₁ᵀ) ⊙ fₖ′
/// gradients  ∂E/∂Wₖ = aₖ₋₁ᵀ·δₖ      ∂E/∂bₖ = column sums of δₖ
/// </code>
/// Forward, loss and backward work on any range of rows, gradients on any range of weights: threads share a batch by taking ranges. Every
/// number is computed by one thread in a fixed order.
/// </summary>
/// <remarks>
/// <para>
/// The codes of encoded inputs (<see cref="PiecewiseLinearEncoding"/>) are inputs of the first layer like any others, but only the two
/// codes of each column that are not 0 are computed with.
/// </para>
/// With dropout, a layer reads m ⊙ aₖ₋₁ instead of aₖ₋₁, also in the gradients, where the mask m consists of 0 and 1 / (1 − p). The error
/// is propagated back through the same mask: δₖ = (δₖ₊₁·Wₖ₊₁ᵀ) ⊙ m ⊙ fₖ′. The derivative still needs the whole aₖ.
/// </remarks>
internal sealed unsafe class BackPropagation<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerStep<T>[] _steps;
    private readonly LossFunction<T> _loss;
    private readonly RowKernel<T> _rows;
    private readonly AlignedBuffer<T> _parameters;
    private readonly Workspace<T> _work;

    public BackPropagation(Network<T> network, Loss loss, KernelKind kernel, Workspace<T> work)
    {
        Layouts = network.Layouts;
        _parameters = network.Parameters;
        _work = work;
        _steps = [.. Layouts.Select((layout, k) => new LayerStep<T>(layout, kernel, propagatesBack: k > 0))];
        _rows = RowKernel<T>.Create(kernel);
        _loss = loss.CreateFunction<T>(Layouts[^1].Spec);
        RefreshTransposed();
    }

    public LayerLayout[] Layouts { get; }

    private int Last => _steps.Length - 1;

    /// <summary>Computes zₖ and aₖ of every layer for the rows of the workspace from first up to end. Losses are measured without
    /// dropout.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(int first, int end, DropoutMasks<T>? dropout = null)
    {
        fixed (T* parameters = _parameters, work = _work.Block)
        {
            for (int k = 0; k <= Last; k++)
            {
                MatrixPlace inputs = _work.InputsOf(k);
                T* outputs = work + _work.Outputs[k].Row(first);
                dropout?.Apply(k, work + inputs.Start, first, end);
                fixed (T* masked = dropout?[k]?.Values)
                {
                    if (k == 0 && _work.SparseInputs is { } sparse)
                    {
                        _steps[k].NetInput(parameters, sparse, first, end, outputs);
                    }
                    else
                    {
                        _steps[k].NetInput(parameters, RowOf(inputs, first, work, masked), inputs.Stride, outputs, end - first);
                    }
                }

                if (k == 0 && _work.CodedInputs is { } coded)
                {
                    _steps[k].AddCodes(parameters, coded, first, end, outputs);
                }

                if (_work.NetInputs[k] is { } netInput)
                {
                    int count = (end - first) * netInput.Stride;
                    new ReadOnlySpan<T>(outputs, count).CopyTo(new Span<T>(work + netInput.Row(first), count));
                }

                _steps[k].Activate(parameters, outputs, CacheOf(k, first, work), end - first);
            }
        }
    }

    /// <summary>Computes the loss of every row, and δ of the last layer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Loss(int first, int end)
    {
        fixed (T* parameters = _parameters, work = _work.Block)
        {
            LossRows<T> rows = _work.LossRows(work, first, end - first, Layouts[Last].Outputs);
            _loss.Evaluate(rows);
            if (!_loss.IsMatched)
            {
                _steps[Last].MultiplyByDerivative(parameters, rows.Delta, rows.Output, CacheOf(Last, first, work), rows.Rows);
            }
        }
    }

    /// <summary>Sets δ of the last layer to ∂a/∂z for one output a of the network, instead of ∂E/∂z.</summary>
    public void SeedOutput(int output, int first, int end)
    {
        MatrixPlace deltas = _work.Deltas[Last];
        fixed (T* parameters = _parameters, work = _work.Block)
        {
            T* delta = work + deltas.Row(first);
            new Span<T>(delta, (end - first) * deltas.Stride).Clear();
            for (int row = first; row < end; row++)
            {
                work[deltas.Row(row) + output] = T.One;
            }

            T* outputs = work + _work.Outputs[Last].Row(first);
            _steps[Last].MultiplyByDerivative(parameters, delta, outputs, CacheOf(Last, first, work), end - first);
        }
    }

    /// <summary>Computes δₖ of every layer before the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(int first, int end, DropoutMasks<T>? dropout = null)
    {
        fixed (T* parameters = _parameters, work = _work.Block)
        {
            for (int k = Last; k > 0; k--)
            {
                MatrixPlace before = _work.Deltas[k - 1];
                T* delta = work + before.Row(first);
                _steps[k].PropagateBack(parameters, work + _work.Deltas[k].Row(first), delta, before.Stride, end - first);
                dropout?[k]?.PropagateBack(work + before.Start, first, end);
                T* outputs = work + _work.Outputs[k - 1].Row(first);
                _steps[k - 1].MultiplyByDerivative(parameters, delta, outputs, CacheOf(k - 1, first, work), end - first);
            }
        }
    }

    /// <summary>
    /// Computes the gradient of a part of the parameters from the first <paramref name="rows"/> rows; <paramref name="gradient"/> has the
    /// layout of the part. Memory that will be read <paramref name="soon"/> may be prefetched into the cache.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gradient(
        ParameterPart part, T* gradient, bool accumulate, int rows, DropoutMasks<T>? dropout = null,
        Upcoming soon = default)
    {
        LayerStep<T> step = _steps[part.Layer];
        fixed (T* work = _work.Block, masked = dropout?[part.Layer]?.Values)
        {
            T* delta = work + _work.Deltas[part.Layer].Start;
            switch (part.Kind)
            {
                case ParameterKind.Biases:
                    step.BiasGradient(gradient, accumulate, delta, rows);
                    break;
                case ParameterKind.Slopes:
                    step.SlopeGradient(gradient, accumulate, CacheOf(part.Layer, 0, work), rows);
                    break;
                case ParameterKind.Weights when part.Layer == 0 && _work.SparseInputs is { } sparse:
                    step.WeightGradient(gradient, accumulate, sparse, delta, part.FirstRow, part.EndRow);
                    break;
                case ParameterKind.Weights when part.FirstRow >= Layouts[part.Layer].FirstCodeRow:
                    step.WeightGradient(gradient, accumulate, _work.CodedInputs!, delta, rows, part.FirstRow, part.EndRow);
                    break;
                default:
                    MatrixPlace inputs = _work.InputsOf(part.Layer);
                    T* x = RowOf(inputs, 0, work, masked);
                    step.WeightGradient(gradient, accumulate, x, inputs.Stride, delta, rows, part.FirstRow, part.EndRow, soon);
                    break;
            }
        }
    }

    /// <summary>Completes a part of the gradient after all samples of the batch have been added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FinishGradient(ParameterPart part, T* gradient)
    {
        if (part.Kind == ParameterKind.Biases)
        {
            _steps[part.Layer].ShareBiasGradient(gradient);
        }
    }

    /// <summary>Returns Σg² of a part of the gradient. The gradient of a shared bias, of which every unit has a copy, counts
    /// once.</summary>
    public double SumOfSquares(ParameterPart part, T* gradient)
    {
        LayerLayout layout = Layouts[part.Layer];
        bool isShared = part.Kind == ParameterKind.Biases && layout.Spec.Bias == BiasKind.Shared;
        return _rows.SumOfSquares(gradient, isShared ? 1 : part.Length);
    }

    /// <summary>Updates the transposed weights after a change of a part of the parameters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void RefreshTransposed(ParameterPart part)
    {
        if (part.Kind == ParameterKind.Weights)
        {
            fixed (T* parameters = _parameters)
            {
                _steps[part.Layer].RefreshTransposed(parameters, part.FirstRow, part.EndRow);
            }
        }
    }

    /// <summary>Updates all transposed weights.</summary>
    public void RefreshTransposed()
    {
        fixed (T* parameters = _parameters)
        {
            for (int k = 0; k <= Last; k++)
            {
                _steps[k].RefreshTransposed(parameters, 0, Layouts[k].Rows);
            }
        }
    }

    /// <summary>Returns a row of a layer's inputs, from the workspace or, with dropout, from the masked copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* RowOf(MatrixPlace inputs, int row, T* work, T* masked) =>
        masked is null ? work + inputs.Row(row) : masked + (row * (nint)inputs.Stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* CacheOf(int layer, int row, T* work) => _work.ForwardCache[layer] is { } kept ? work + kept.Row(row) : null;
}
