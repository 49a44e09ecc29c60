using BenchmarkDotNet.Attributes;
using BpTrainer.Kernels;
using BpTrainer.Networks;
using BpTrainer.Prediction;
using BpTrainer.Training;

namespace BpTrainer.Benchmarks;

/// <summary>
/// The three products of one layer as training calls them: x·W + b, δ·Wᵀ and xᵀ·δ, for the layers of 784-256-10 with batches
/// of 128 and of 13-50-1 with batches of 32.
/// </summary>
public unsafe class ProductBenchmarks : KernelBenchmarks
{
    private LayerStep<float> _step = null!;
    private AlignedBuffer<float> _parameters = null!;
    private AlignedBuffer<float> _gradient = null!;
    private AlignedBuffer<float> _x = null!;
    private AlignedBuffer<float> _dx = null!;
    private AlignedBuffer<float> _z = null!;
    private AlignedBuffer<float> _delta = null!;
    private int _xStride;
    private int _weightRows;
    private int _rows;

    /// <summary>Inputs, outputs and rows of the batch.</summary>
    [Params("784-256 x 128", "256-10 x 128", "13-50 x 32", "50-1 x 32")]
    public string Layer { get; set; } = "";

    /// <summary>Makes the layer and random matrices.</summary>
    [GlobalSetup]
    public void Setup()
    {
        int[] sizes = Array.ConvertAll(Layer.Split('-', 'x'), int.Parse);
        (int inputs, int outputs, _rows) = (sizes[0], sizes[1], sizes[2]);
        LayerLayout layout = LayerLayout.Arrange<float>(inputs, [new LayerSpec(outputs, Activation.Linear)], encoding: null)[0];
        _step = new LayerStep<float>(layout, Kind, propagatesBack: true);
        _xStride = AlignedBuffer<float>.Pad(inputs);
        _weightRows = layout.Rows;
        _parameters = Random(1, layout.End, layout.End);
        _gradient = new AlignedBuffer<float>(layout.End);
        _x = Random(_rows, inputs, _xStride);
        _dx = new AlignedBuffer<float>(_rows * _xStride);
        _z = new AlignedBuffer<float>(_rows * layout.OutputStride);
        _delta = Random(_rows, outputs, layout.OutputStride);
        fixed (float* parameters = _parameters)
        {
            _step.RefreshTransposed(parameters, 0, layout.Rows);
        }
    }

    /// <summary>z = x·W + b.</summary>
    [Benchmark]
    public void NetInput()
    {
        fixed (float* parameters = _parameters, x = _x, z = _z)
        {
            _step.NetInput(parameters, x, _xStride, z, _rows);
        }
    }

    /// <summary>∂L/∂x = δ·Wᵀ.</summary>
    [Benchmark]
    public void PropagateBack()
    {
        fixed (float* parameters = _parameters, delta = _delta, dx = _dx)
        {
            _step.PropagateBack(parameters, delta, dx, _xStride, _rows);
        }
    }

    /// <summary>∂L/∂W = xᵀ·δ.</summary>
    [Benchmark]
    public void WeightGradient()
    {
        fixed (float* gradient = _gradient, x = _x, delta = _delta)
        {
            _step.WeightGradient(gradient, accumulate: false, x, _xStride, delta, _rows, 0, _weightRows);
        }
    }

    private static AlignedBuffer<float> Random(int rows, int columns, int stride)
    {
        var buffer = new AlignedBuffer<float>(rows * stride);
        float[] values = SyntheticData.Inputs(rows, columns, seed: 1);
        for (int row = 0; row < rows; row++)
        {
            values.AsSpan(row * columns, columns).CopyTo(buffer.Span[(row * stride)..]);
        }

        return buffer;
    }
}
