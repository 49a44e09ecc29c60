using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>The forward pass alone, on blocks of rows, with two buffers that take turns.</summary>
internal sealed unsafe class NetworkScorer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of a block: enough to reuse the weights from the cache, few enough that the activations stay there too.</summary>
    private const int BlockRows = 192;

    private readonly LayerLayout[] _layouts;
    private readonly LayerStep<T>[] _steps;
    private readonly AlignedBuffer<T> _parameters;
    private readonly ScalingFunction<T>? _inputScaling;
    private readonly int _inputs;
    private readonly int _widest;
    private readonly SampleScorer<T>? _sampleScorer;
    private readonly bool _readsInputsInPlace;
    private Buffers? _idle;

    public NetworkScorer(Network<T> network)
    {
        _layouts = network.Layouts;
        _parameters = network.Parameters;
        _inputs = network.Inputs;
        _inputScaling = network.InputScaling is null ? null : new ScalingFunction<T>(network.InputScaling);
        _steps = Array.ConvertAll(_layouts, layout => new LayerStep<T>(layout, Kernel.Default, propagatesBack: false));
        _readsInputsInPlace = _inputScaling is null && !_layouts[0].IsNarrow;
        _widest = Math.Max(AlignedBuffer<T>.Stride(_inputs), _layouts.Max(l => l.OutputStride));
        _sampleScorer = SampleScorer<T>.Create(
            network, Array.ConvertAll(_steps, step => step.Activation), _inputScaling, _widest, Kernel.Default);
    }

    /// <summary>Scores one sample.</summary>
    public void ScoreOne(ReadOnlySpan<T> input, Span<T> output, bool applyOutputActivation)
    {
        if (_sampleScorer is null)
        {
            ScoreBlocks(input, output, 1, applyOutputActivation);
            return;
        }

        fixed (T* from = input, to = output)
        {
            _sampleScorer.Score(from, to, applyOutputActivation);
        }
    }

    /// <summary>Scores samples.</summary>
    public void Score(ReadOnlySpan<T> inputs, Span<T> outputs, int rows, bool applyOutputActivation)
    {
        if (rows == 1)
        {
            ScoreOne(inputs, outputs, applyOutputActivation);
        }
        else
        {
            ScoreBlocks(inputs, outputs, rows, applyOutputActivation);
        }
    }

    private void ScoreBlocks(ReadOnlySpan<T> inputs, Span<T> outputs, int rows, bool applyOutputActivation)
    {
        // The buffers of an earlier call serve again; a second thread at the same time makes its own.
        Buffers buffers = Interlocked.Exchange(ref _idle, null) is { } idle && idle.Rows >= Math.Min(rows, BlockRows)
            ? idle
            : new Buffers(Math.Min(rows, BlockRows), _widest);
        for (int first = 0; first < rows; first += BlockRows)
        {
            int count = Math.Min(BlockRows, rows - first);
            ScoreBlock(
                buffers,
                inputs.Slice(first * _inputs, count * _inputs),
                outputs.Slice(first * _layouts[^1].Outputs, count * _layouts[^1].Outputs),
                count,
                applyOutputActivation);
        }

        _idle = buffers;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScoreBlock(Buffers buffers, ReadOnlySpan<T> inputs, Span<T> outputs, int rows, bool applyOutputActivation)
    {
        int stride = _inputs;
        fixed (T* source = inputs, parameters = _parameters, first = buffers.First, second = buffers.Second)
        {
            T* from = source;
            if (!_readsInputsInPlace)
            {
                stride = AlignedBuffer<T>.Stride(_inputs);
                from = second;
                CopyPadded(source, from, stride, rows);
            }

            for (int k = 0; k < _steps.Length; k++)
            {
                T* to = k % 2 == 0 ? first : second;
                _steps[k].NetInput(parameters, from, stride, to, rows);
                stride = _layouts[k].OutputStride;
                if (applyOutputActivation || k < _steps.Length - 1)
                {
                    _steps[k].Activate(parameters, to, null, rows);
                }

                from = to;
            }

            int columns = _layouts[^1].Outputs;
            for (int row = 0; row < rows; row++)
            {
                new ReadOnlySpan<T>(from + (row * (nint)stride), columns).CopyTo(outputs.Slice(row * columns, columns));
            }
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

    private sealed class Buffers(int rows, int widest)
    {
        public int Rows { get; } = rows;

        public AlignedBuffer<T> First { get; } = new(checked(rows * widest));

        public AlignedBuffer<T> Second { get; } = new(checked(rows * widest));
    }
}
