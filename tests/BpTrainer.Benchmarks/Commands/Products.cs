using System.Diagnostics;
using System.Text.Json.Nodes;
using BpTrainer.Kernels;
using BpTrainer.Networks;
using BpTrainer.Prediction;

namespace BpTrainer.Benchmarks;

/// <summary>
/// The products of the layers of 784-256-10 as training and scoring call them, on one thread and in turns with the peak of the processor.
/// </summary>
/// <remarks>
/// The line has: kernel; rows of the batch; products, each with its shape m×n×k, gflops, peak_gflops of the same moments, and
/// share_of_peak: the median over rounds of the best of some bursts of the product over the best of as many bursts of the peak.
/// </remarks>
internal static unsafe class Products
{
    private const int Rounds = 15;
    private const int BurstsOfRound = 8;
    private const double SecondsOfBurst = 3e-4;

    /// <summary>Measures every product.</summary>
    public static JsonObject Measure(int rows, KernelKind kernel)
    {
        var lines = new JsonArray();
        foreach ((int inputs, int outputs) in new[] { (784, 256), (256, 10) })
        {
            var layer = new LayerProducts(inputs, outputs, rows, kernel);
            lines.Add(Line("x·W + b", rows, outputs, inputs, layer.NetInput));
            lines.Add(Line("xᵀ·δ", inputs, outputs, rows, layer.WeightGradient));
            if (outputs == 10)
            {
                lines.Add(Line("δ·Wᵀ", rows, inputs, outputs, layer.PropagateBack));
            }
        }

        return new JsonObject { ["kernel"] = kernel.ToString().ToLowerInvariant(), ["rows"] = rows, ["products"] = lines };
    }

    private static JsonObject Line(string product, int m, int n, int k, Action multiply)
    {
        double operations = 2.0 * m * n * k;
        multiply();
        int calls = (int)Math.Ceiling(SecondsOfBurst / Peak.BestSeconds(20, multiply));
        (double gflops, double peak, double share) = Peak.Share(
            Rounds,
            BurstsOfRound,
            operations * calls,
            () =>
            {
                for (int call = 0; call < calls; call++)
                {
                    multiply();
                }
            });
        return new JsonObject
        {
            ["product"] = product,
            ["shape"] = $"{m}×{n}×{k}",
            ["gflops"] = Math.Round(gflops, 1),
            ["peak_gflops"] = Math.Round(peak, 1),
            ["share_of_peak"] = Math.Round(share, 3),
        };
    }
}

/// <summary>A layer with a batch of random numbers.</summary>
internal sealed unsafe class LayerProducts
{
    private readonly LayerStep<float> _step;
    private readonly ParameterPart[] _parts;
    private readonly AlignedBuffer<float> _parameters;
    private readonly AlignedBuffer<float> _gradient;
    private readonly AlignedBuffer<float> _x;
    private readonly AlignedBuffer<float> _dx;
    private readonly AlignedBuffer<float> _z;
    private readonly AlignedBuffer<float> _delta;
    private readonly int _xStride;
    private readonly int _rows;

    public LayerProducts(int inputs, int outputs, int rows, KernelKind kernel)
    {
        LayerLayout layout = LayerLayout.Arrange<float>(inputs, [new LayerSpec(outputs, Activation.Linear)], encoding: null)[0];
        _rows = rows;
        _step = new LayerStep<float>(layout, kernel, propagatesBack: true);
        _parts = Array.FindAll(ParameterPart.Cut([layout]), part => part.Kind == ParameterKind.Weights);
        _xStride = AlignedBuffer<float>.Stride(inputs);
        _parameters = Random(1, layout.End, layout.End);
        _gradient = new AlignedBuffer<float>(_parts.Max(part => part.Length));
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
    public void NetInput()
    {
        fixed (float* parameters = _parameters, x = _x, z = _z)
        {
            _step.NetInput(parameters, x, _xStride, z, _rows);
        }
    }

    /// <summary>∂L/∂x = δ·Wᵀ.</summary>
    public void PropagateBack()
    {
        fixed (float* parameters = _parameters, delta = _delta, dx = _dx)
        {
            _step.PropagateBack(parameters, delta, dx, _xStride, _rows);
        }
    }

    /// <summary>∂L/∂W = xᵀ·δ, part by part.</summary>
    public void WeightGradient()
    {
        fixed (float* gradient = _gradient, x = _x, delta = _delta)
        {
            foreach (ParameterPart part in _parts)
            {
                _step.WeightGradient(gradient, accumulate: false, x, _xStride, delta, _rows, part.FirstRow, part.EndRow);
            }
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
