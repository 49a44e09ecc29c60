using BpTrainer.Data;
using BpTrainer.Encodings;
using BpTrainer.Networks;
using BpTrainer.Scalings;

namespace BpTrainer.Prediction;

/// <summary>The forward pass only, for blocks of rows, with two alternating buffers.</summary>
internal sealed unsafe class NetworkScorer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of rows of a block: enough to reuse the weights from the cache, but few enough that the activations stay there
    /// too.</summary>
    private const int BlockRows = 192;

    /// <summary>The number of inputs in a block of rows that are filled with their zeros: 4 MB as float.</summary>
    private const int MostInputs = 1 << 20;

    private readonly LayerLayout[] _layouts;
    private readonly LayerStep<T>[] _steps;
    private readonly AlignedBuffer<T> _parameters;
    private readonly ScalingFunction<T>? _inputScaling;
    private readonly EncodingFunction<T>? _encoding;
    private readonly int _inputs;
    private readonly int _widest;
    private readonly int _widestOutput;
    private readonly bool _keepsZero;
    private readonly Lazy<SampleScorer<T>>? _sampleScorer;
    private readonly bool _readsInputsInPlace;
    private Buffers? _idle;

    public NetworkScorer(Network<T> network, KernelKind kernel)
    {
        _layouts = network.Layouts;
        _parameters = network.Parameters;
        _inputs = network.Inputs;
        _inputScaling = network.InputScaling is null ? null : new ScalingFunction<T>(network.InputScaling, kernel);
        _steps = Array.ConvertAll(_layouts, layout => new LayerStep<T>(layout, kernel, propagatesBack: false));
        _encoding = EncodingFunction<T>.Create(network.InputEncoding, network.InputScaling);
        _readsInputsInPlace = _inputScaling is null && _encoding is null && !_layouts[0].IsNarrow;
        _keepsZero = network.InputScaling is null or { KeepsZero: true } && _encoding is null;
        _widestOutput = _layouts.Max(l => l.OutputStride);
        _widest = Math.Max(AlignedBuffer<T>.Stride(_inputs), _widestOutput);
        _sampleScorer = _widest > SampleScorer<T>.MostValues
            ? null
            : new(() => new SampleScorer<T>(network, _steps, _inputScaling, _encoding, _widest, kernel));
    }

    public void ScoreOne(ReadOnlySpan<T> input, Span<T> output, bool applyOutputActivation)
    {
        if (_sampleScorer is null)
        {
            ScoreBlocks(input, sparse: null, output, 1, applyOutputActivation);
            return;
        }

        fixed (T* from = input, to = output)
        {
            _sampleScorer.Value.Score(from, to, applyOutputActivation);
        }
    }

    public void Score(ReadOnlySpan<T> inputs, Span<T> outputs, int rows, bool applyOutputActivation)
    {
        if (rows == 1)
        {
            ScoreOne(inputs, outputs, applyOutputActivation);
        }
        else
        {
            ScoreBlocks(inputs, sparse: null, outputs, rows, applyOutputActivation);
        }
    }

    public void Score(SparseMatrix<T> inputs, Span<T> outputs, bool applyOutputActivation) =>
        ScoreBlocks([], inputs, outputs, inputs.Rows, applyOutputActivation);

    private void ScoreBlocks(ReadOnlySpan<T> inputs, SparseMatrix<T>? sparse, Span<T> outputs, int rows, bool applyOutputActivation)
    {
        // If 0 is scaled to another number, sparse rows need their zeros; then only a few rows are scored at a time, because they are wide.
        int blockRows = sparse is null || _keepsZero ? BlockRows : Math.Clamp(MostInputs / _inputs, 1, BlockRows);
        int columns = _layouts[^1].Outputs;
        Buffers buffers = Take(Math.Min(rows, blockRows), sparse is not null && _keepsZero ? _widestOutput : _widest);
        for (int first = 0; first < rows; first += blockRows)
        {
            int count = Math.Min(blockRows, rows - first);
            ReadOnlySpan<T> block = sparse is null ? inputs.Slice(first * _inputs, count * _inputs) : default;
            ScoreBlock(buffers, block, sparse, first, outputs.Slice(first * columns, count * columns), count, applyOutputActivation);
        }

        _idle = buffers;
    }

    /// <summary>Returns the buffers of an earlier call if they are large enough. A second thread at the same time creates its
    /// own.</summary>
    private Buffers Take(int rows, int width) =>
        Interlocked.Exchange(ref _idle, null) is { } idle && idle.Rows >= rows && idle.Width >= width ? idle : new Buffers(rows, width);

    private void ScoreBlock(
        Buffers buffers, ReadOnlySpan<T> inputs, SparseMatrix<T>? sparse, int firstRow, Span<T> outputs, int rows,
        bool applyOutputActivation)
    {
        fixed (T* source = inputs, parameters = _parameters, first = buffers.First, second = buffers.Second)
        {
            if (sparse is not null && _keepsZero)
            {
                SparseBatch<T> batch = buffers.SparseInputs ??= new SparseBatch<T>(_inputs, buffers.Rows);
                batch.Clear();
                for (int row = firstRow; row < firstRow + rows; row++)
                {
                    batch.Add(sparse.ColumnsOf(row), sparse.ValuesOf(row), _inputScaling);
                }

                _steps[0].NetInput(parameters, batch, 0, rows, first);
            }
            else if (sparse is null && _readsInputsInPlace)
            {
                _steps[0].NetInput(parameters, source, _inputs, first, rows);
            }
            else
            {
                int stride = AlignedBuffer<T>.Stride(_inputs);
                if (sparse is null)
                {
                    CopyPadded(source, second, stride, rows);
                }
                else
                {
                    CopyWithZeros(sparse, firstRow, second, stride, rows);
                }

                _steps[0].NetInput(parameters, second, stride, first, rows);
                if (_encoding is not null)
                {
                    CodedRows<T> coded = buffers.CodedInputs ??= new CodedRows<T>(buffers.Rows, _encoding.EncodedColumns);
                    for (int row = 0; row < rows; row++)
                    {
                        _encoding.Encode(second + (row * (nint)stride), coded, row);
                    }

                    _steps[0].AddCodes(parameters, coded, 0, rows, first);
                }
            }

            FinishBlock(parameters, first, second, outputs, rows, applyOutputActivation);
        }
    }

    /// <summary>Computes the outputs from z of the first layer, which is in the first buffer.</summary>
    private void FinishBlock(T* parameters, T* first, T* second, Span<T> outputs, int rows, bool applyOutputActivation)
    {
        T* values = first;
        for (int k = 0; k < _steps.Length; k++)
        {
            if (k > 0)
            {
                T* to = k % 2 == 0 ? first : second;
                _steps[k].NetInput(parameters, values, _layouts[k - 1].OutputStride, to, rows);
                values = to;
            }

            if (applyOutputActivation || k < _steps.Length - 1)
            {
                _steps[k].Activate(parameters, values, null, rows);
            }
        }

        int columns = _layouts[^1].Outputs;
        for (int row = 0; row < rows; row++)
        {
            new ReadOnlySpan<T>(values + (row * (nint)_layouts[^1].OutputStride), columns).CopyTo(outputs.Slice(row * columns, columns));
        }
    }

    private void CopyWithZeros(SparseMatrix<T> from, int firstRow, T* to, int stride, int rows)
    {
        for (int row = 0; row < rows; row++, to += stride)
        {
            new Span<T>(to + _inputs, stride - _inputs).Clear();
            from.CopyRowTo(firstRow + row, new Span<T>(to, _inputs));
            _inputScaling?.Apply(to, to, _inputs);
        }
    }

    private void CopyPadded(T* source, T* to, int stride, int rows)
    {
        for (int row = 0; row < rows; row++, source += _inputs, to += stride)
        {
            RowCopy.Copy(source, to, _inputs, _inputScaling);
            for (int c = _inputs; c < stride; c++)
            {
                to[c] = T.Zero;
            }
        }
    }

    private sealed class Buffers(int rows, int width)
    {
        public int Rows { get; } = rows;

        /// <summary>The maximum number of values in a row.</summary>
        public int Width { get; } = width;

        public AlignedBuffer<T> First { get; } = new(checked(rows * width));

        public AlignedBuffer<T> Second { get; } = new(checked(rows * width));

        public SparseBatch<T>? SparseInputs { get; set; }

        public CodedRows<T>? CodedInputs { get; set; }
    }
}
