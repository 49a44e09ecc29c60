using BpTrainer.Activations;
using BpTrainer.Data;
using BpTrainer.Encodings;
using BpTrainer.Networks;
using BpTrainer.Scalings;

namespace BpTrainer.Prediction;

/// <summary>Scores one sample at a time, on the stack.</summary>
internal abstract unsafe class SampleScorer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Wider networks go through the buffers of a block: their work outweighs the calls.</summary>
    public const int MostValues = 1024;

    /// <summary>
    /// Computes the outputs, or with false for <paramref name="applyOutputActivation"/> the net inputs of the last layer.
    /// </summary>
    public abstract void Score(T* input, T* output, bool applyOutputActivation);

    /// <summary>Makes a scorer, or null if the network is too wide for one.</summary>
    public static SampleScorer<T>? Create(
        Network<T> network, LayerStep<T>[] steps, ScalingFunction<T>? inputScaling, EncodingFunction<T>? encoding, int widest,
        KernelKind kernel) =>
        widest > MostValues
            ? null
            : Kernel.Create<T, SampleScorer<T>, Factory>(kernel, new Factory(network, steps, inputScaling, encoding, widest));

    private readonly struct Factory(
        Network<T> network, LayerStep<T>[] steps, ScalingFunction<T>? inputScaling, EncodingFunction<T>? encoding, int widest)
        : ISimdFactory<T, SampleScorer<T>>
    {
        public SampleScorer<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            new SampleScorer<TSimd, TVector, T>(network, steps, inputScaling, encoding, widest);
    }
}

/// <summary>A <see cref="SampleScorer{T}"/> for vectors of one width.</summary>
internal sealed unsafe class SampleScorer<TSimd, TVector, T>(
    Network<T> network, LayerStep<T>[] steps, ScalingFunction<T>? inputScaling, EncodingFunction<T>? encoding, int widest) : SampleScorer<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerLayout[] _layouts = network.Layouts;
    private readonly ActivationFunction<T>[] _activations = Array.ConvertAll(steps, step => step.Activation);
    private readonly AlignedBuffer<T> _parameters = network.Parameters;
    private readonly int _inputs = network.Inputs;
    private readonly int _inputStride = AlignedBuffer<T>.Stride(network.Inputs);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(T* input, T* output, bool applyOutputActivation)
    {
        T* memory = stackalloc T[(2 * widest) + AlignedBuffer<T>.Lanes];
        T* from = (T*)(((nuint)memory + AlignedBuffer<T>.Alignment - 1) & ~(nuint)(AlignedBuffer<T>.Alignment - 1));
        T* to = from + widest;
        RowCopy.Copy(input, from, _inputs, inputScaling);
        for (int c = _inputs; c < _inputStride; c++)
        {
            from[c] = T.Zero;
        }

        fixed (T* parameters = _parameters)
        {
            for (int k = 0; k < _layouts.Length; k++)
            {
                LayerLayout layout = _layouts[k];
                SampleForward<TSimd, TVector, T>.NetInput(layout, parameters, from, to);
                if (k == 0 && encoding is not null)
                {
                    AddCodes(parameters, from, to, encoding);
                }

                if (applyOutputActivation || k < _layouts.Length - 1)
                {
                    _activations[k].Apply(to, parameters + layout.SlopeOffset, null, 1, layout.Outputs, layout.OutputStride);
                }

                T* next = from;
                from = to;
                to = next;
            }
        }

        int columns = _layouts[^1].Outputs;
        for (int c = 0; c < columns; c++)
        {
            output[c] = from[c];
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddCodes(T* parameters, T* x, T* z, EncodingFunction<T> encoding)
    {
        int columns = encoding.EncodedColumns;
        int* places = stackalloc int[columns];
        T* codes = stackalloc T[2 * columns];
        encoding.Encode(x, places, codes);
        steps[0].AddCodes(parameters, places, codes, columns, z);
    }
}
