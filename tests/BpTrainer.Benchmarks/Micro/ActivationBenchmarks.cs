using BenchmarkDotNet.Attributes;
using BpTrainer.Activations;
using BpTrainer.Kernels;

namespace BpTrainer.Benchmarks;

/// <summary>The activation functions on a matrix of 128 rows and 256 columns, which fits the second-level cache: time a number.</summary>
public unsafe class ActivationBenchmarks : KernelBenchmarks
{
    private const int Rows = 128;
    private const int Columns = 256;

    private readonly AlignedBuffer<float> _netInputs = new(Rows * Columns);
    private readonly AlignedBuffer<float> _values = new(Rows * Columns);
    private readonly AlignedBuffer<float> _delta = new(Rows * Columns);
    private readonly AlignedBuffer<float> _forwardCache = new(Rows * Columns);
    private readonly AlignedBuffer<float> _slopes = new(Columns);
    private ActivationFunction<float> _function = null!;

    /// <summary>The function.</summary>
    [Params(
        "logistic", "tanh", "relu", "softmax", "exponential", "logistic(2;0.5)", "leaky-relu", "prelu", "elu", "selu", "softplus", "gelu",
        "silu", "mish")]
    public string Function { get; set; } = "";

    /// <summary>Makes net inputs in [−4, 4).</summary>
    [GlobalSetup]
    public void Setup()
    {
        _function = Activation.Parse(Function).CreateFunction<float>(Kind);
        float[] random = SyntheticData.Inputs(Rows, Columns, seed: 1);
        for (int i = 0; i < random.Length; i++)
        {
            _netInputs.Span[i] = 4 * random[i];
        }

        _slopes.Span.Fill(0.25f);
        CopyAndApply();
    }

    /// <summary>a = f(z) as in training, with the copy of z that it overwrites.</summary>
    [Benchmark(OperationsPerInvoke = Rows * Columns)]
    public void CopyAndApply()
    {
        _netInputs.Span.CopyTo(_values.Span);
        fixed (float* values = _values, slopes = _slopes, forwardCache = _forwardCache)
        {
            _function.Apply(values, slopes, forwardCache, Rows, Columns, Columns);
        }
    }

    /// <summary>δ = ∂L/∂a · f′(z), from the outputs or the forward cache, with a copy into δ before.</summary>
    [Benchmark(OperationsPerInvoke = Rows * Columns)]
    public void CopyAndMultiplyByDerivative()
    {
        _netInputs.Span.CopyTo(_delta.Span);
        fixed (float* delta = _delta, values = _values, slopes = _slopes, forwardCache = _forwardCache)
        {
            _function.MultiplyByDerivative(delta, values, slopes, forwardCache, Rows, Columns, Columns);
        }
    }
}
