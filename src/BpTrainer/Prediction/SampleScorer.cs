using BpTrainer.Activations;
using BpTrainer.Data;
using BpTrainer.Encodings;
using BpTrainer.Networks;
using BpTrainer.Scalings;

namespace BpTrainer.Prediction;

/// <summary>Scores one sample at a time, on the stack.</summary>
internal sealed unsafe class SampleScorer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Wider networks use the buffers of a block, because their computations take much longer than the calls.</summary>
    public const int MostValues = 1024;

    private readonly LayerLayout[] _layouts;
    private readonly SampleLayer<T>[] _layers;
    private readonly LayerStep<T> _first;
    private readonly AlignedBuffer<T> _parameters;
    private readonly ScalingFunction<T>? _inputScaling;
    private readonly EncodingFunction<T>? _encoding;
    private readonly bool _readsInputInPlace;
    private readonly int _inputs;
    private readonly int _inputStride;
    private readonly int _widest;

    public SampleScorer(
        Network<T> network, LayerStep<T>[] steps, ScalingFunction<T>? inputScaling, EncodingFunction<T>? encoding, int widest,
        KernelKind kernel)
    {
        _layouts = network.Layouts;
        _layers = new SampleLayer<T>[steps.Length];
        for (int k = 0; k < steps.Length; k++)
        {
            // The outputs may be needed without their activation, and the codes are added before the activation.
            bool isApart = k == steps.Length - 1 || (k == 0 && encoding is not null);
            _layers[k] = SampleLayer<T>.Create(_layouts[k], steps[k].Activation, isApart, kernel);
        }

        _first = steps[0];
        _parameters = network.Parameters;
        _inputScaling = inputScaling;
        _encoding = encoding;
        _readsInputInPlace = inputScaling is null && !_layouts[0].IsNarrow;
        _inputs = network.Inputs;
        _inputStride = AlignedBuffer<T>.Stride(network.Inputs);
        _widest = widest;
    }

    /// <summary>
    /// Computes the outputs or, if <paramref name="applyOutputActivation"/> is false, the net inputs of the last layer.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Score(T* input, T* output, bool applyOutputActivation)
    {
        T* memory = stackalloc T[(2 * _widest) + AlignedBuffer<T>.Lanes];
        T* to = (T*)(((nuint)memory + AlignedBuffer<T>.Alignment - 1) & ~(nuint)(AlignedBuffer<T>.Alignment - 1));
        T* other = to + _widest;
        T* from = input;
        if (!_readsInputInPlace)
        {
            from = other;
            RowCopy.Copy(input, from, _inputs, _inputScaling);
            new Span<T>(from + _inputs, _inputStride - _inputs).Clear();
        }

        SampleLayer<T>[] layers = _layers;
        fixed (T* parameters = _parameters)
        {
            for (int k = 0; k < layers.Length; k++)
            {
                SampleLayer<T> layer = layers[k];
                bool isLast = k == layers.Length - 1;
                layer.Forward(parameters, from, to);
                if (k == 0 && _encoding is not null)
                {
                    AddCodes(parameters, from, to, _encoding);
                }

                if (layer.Called is { } activation && (applyOutputActivation || !isLast))
                {
                    LayerLayout layout = _layouts[k];
                    activation.Apply(to, parameters + layout.SlopeOffset, null, 1, layout.Outputs, layout.OutputStride);
                }

                from = to;
                to = other;
                other = from;
            }
        }

        // Layers also write their padding, for which the caller has no room.
        int columns = _layouts[^1].Outputs;
        new ReadOnlySpan<T>(from, columns).CopyTo(new Span<T>(output, columns));
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddCodes(T* parameters, T* x, T* z, EncodingFunction<T> encoding)
    {
        int columns = encoding.EncodedColumns;
        int* places = stackalloc int[columns];
        T* codes = stackalloc T[2 * columns];
        encoding.Encode(x, places, codes);
        _first.AddCodes(parameters, places, codes, columns, z);
    }
}
