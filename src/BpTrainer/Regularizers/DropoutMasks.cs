using BpTrainer.Files;
using BpTrainer.Networks;

namespace BpTrainer.Regularizers;

/// <summary>
/// The inputs of one layer in training with dropout: the factors, 0 or 1 / (1 − p), and the values multiplied by them.
/// </summary>
/// <remarks>
/// Every row of a batch has its own SplitMix64 stream, which begins at a hash of seed, update, layer and row, so a mask does not depend on
/// the thread that draws it. Each number of a stream decides about two units.
/// </remarks>
internal sealed unsafe class DropoutMask<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RowKernel<T> _kernel;
    private readonly int _columns;
    private readonly int _stride;
    private readonly ulong _keepBelow;
    private readonly T _scale;
    private readonly AlignedBuffer<T> _factors;

    /// <summary>
    /// Creates a mask with the rate p, above 0 and below 1, for batches of at most <paramref name="rows"/> rows. The stride is a multiple
    /// of <see cref="AlignedBuffer{T}.Lanes"/>; the padding must be 0 and stays 0.
    /// </summary>
    public DropoutMask(double rate, int columns, int stride, int rows, RowKernel<T> kernel)
    {
        _kernel = kernel;
        _columns = columns;
        _stride = stride;
        _keepBelow = (ulong)Math.Round((1 - rate) * (1UL << 32));
        _scale = T.CreateChecked(1 / (1 - rate));
        _factors = new AlignedBuffer<T>(checked(rows * stride));
        Values = new AlignedBuffer<T>(_factors.Length);
    }

    /// <summary>The remaining values, scaled up: rows × stride.</summary>
    public AlignedBuffer<T> Values { get; }

    /// <summary>
    /// Draws the mask of the rows from <paramref name="first"/> up to <paramref name="end"/>, and applies it to a matrix of values with the
    /// same layout. The key is a hash of seed, update and layer.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(ulong key, long rowsBefore, T* values, int first, int end)
    {
        // Selecting by index avoids a branch that would be mispredicted half of the time.
        T* choice = stackalloc T[2] { T.Zero, _scale };
        fixed (T* firstFactors = _factors, firstTo = Values)
        {
            for (int row = first; row < end; row++)
            {
                ulong state = RandomStream.Mix(key, (ulong)(rowsBefore + row));
                T* from = values + (row * (nint)_stride);
                T* factors = firstFactors + (row * (nint)_stride);
                T* to = firstTo + (row * (nint)_stride);
                for (int c = 0; c < _columns; c += 2)
                {
                    // The difference of two 32-bit numbers has its top bit set if the first is smaller.
                    ulong bits = RandomStream.SplitMix(ref state);
                    T even = choice[((uint)bits - _keepBelow) >> 63];
                    T odd = choice[((bits >> 32) - _keepBelow) >> 63];
                    factors[c] = even;
                    factors[c + 1] = odd;
                    to[c] = even * from[c];
                    to[c + 1] = odd * from[c + 1];
                }
            }
        }
    }

    /// <summary>delta ← delta ⊙ factors: the error term of a value from the error term of the masked value.</summary>
    public void PropagateBack(T* delta, int first, int end)
    {
        nint start = first * (nint)_stride;
        fixed (T* factors = _factors)
        {
            _kernel.Multiply(delta + start, factors + start, (end - first) * (nint)_stride);
        }
    }
}

/// <summary>The dropout masks of a training: one for each layer with dropout before it.</summary>
internal sealed unsafe class DropoutMasks<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ulong _key;
    private readonly DropoutMask<T>?[] _masks;
    private ulong _update;
    private long _rowsBefore;

    private DropoutMasks(Network<T> network, Regularization regularization, int seed, int rows, RowKernel<T> kernel)
    {
        LayerLayout[] layouts = network.Layouts;
        _key = RandomStream.Key(seed, RandomPurpose.Dropout);
        _masks = new DropoutMask<T>?[layouts.Length];
        for (int k = 0; k < layouts.Length; k++)
        {
            int stride = k == 0 ? AlignedBuffer<T>.Stride(network.Inputs) : layouts[k - 1].OutputStride;
            _masks[k] = regularization.DropoutBefore(k) is > 0 and double rate
                ? new DropoutMask<T>(rate, layouts[k].Inputs, stride, rows, kernel)
                : null;
        }
    }

    /// <summary>The mask of the inputs of a layer; null if it has no dropout.</summary>
    public DropoutMask<T>? this[int layer] => _masks[layer];

    /// <summary>The masks of a training with at most <paramref name="rows"/> samples at a time; null without dropout.</summary>
    public static DropoutMasks<T>? For(Network<T> network, Regularization regularization, int seed, int rows, KernelKind kernel) =>
        regularization.HasDropout ? new DropoutMasks<T>(network, regularization, seed, rows, RowKernel<T>.Create(kernel)) : null;

    /// <summary>The numbers in the masks of some samples.</summary>
    public static double Numbers(Regularization regularization, LayerLayout[] layouts, int inputStride, long rows)
    {
        long numbers = 0;
        for (int k = 0; k < layouts.Length; k++)
        {
            numbers += regularization.DropoutBefore(k) > 0 ? 2L * rows * (k == 0 ? inputStride : layouts[k - 1].OutputStride) : 0;
        }

        return numbers;
    }

    /// <summary>Begins an update; every update has its own masks.</summary>
    public void StartUpdate()
    {
        _update++;
        _rowsBefore = 0;
    }

    /// <summary>Selects the masks of an update, counted from 1.</summary>
    public void StartUpdate(long update) => _update = (ulong)update;

    /// <summary>Begins a slice of a batch, with the number of rows in the slices before it.</summary>
    public void StartSlice(long rowsBefore) => _rowsBefore = rowsBefore;

    /// <summary>Applies the mask of a layer. Several threads may do this for different rows.</summary>
    public void Apply(int layer, T* values, int first, int end) =>
        _masks[layer]?.Apply(RandomStream.Mix(RandomStream.Mix(_key, _update), (ulong)layer), _rowsBefore, values, first, end);

    public void SaveOrLoad(CheckpointState state) => state.SaveOrLoad(ref _update);
}
