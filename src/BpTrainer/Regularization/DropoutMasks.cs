using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>The <see cref="Dropout"/> of a training at work: a mask for everything that a layer reads and that is not read in full.</summary>
internal sealed unsafe class DropoutMasks<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ulong _key;
    private readonly DropoutMask<T>?[] _masks;
    private ulong _update;
    private int _rowsBefore;

    private DropoutMasks(Network<T> network, Dropout dropout, int seed, int rows)
    {
        LayerLayout[] layouts = network.Layouts;
        _key = RandomStream.Key(seed, RandomPurpose.Dropout);
        _masks = new DropoutMask<T>?[layouts.Length];
        for (int k = 0; k < layouts.Length; k++)
        {
            int stride = k == 0 ? AlignedBuffer<T>.Stride(network.Inputs) : layouts[k - 1].OutputStride;
            _masks[k] = dropout.RateBefore(k) is > 0 and double rate ? new DropoutMask<T>(rate, layouts[k].Inputs, stride, rows) : null;
        }
    }

    /// <summary>The mask of what a layer reads, or null if it reads everything.</summary>
    public DropoutMask<T>? this[int layer] => _masks[layer];

    /// <summary>The masks of a training, or null without dropout.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="rows">The most samples that go through at once.</param>
    public static DropoutMasks<T>? For(Network<T> network, TrainingOptions options, int rows) =>
        options.Dropout.IsActive ? new DropoutMasks<T>(network, options.Dropout, options.Seed, rows) : null;

    /// <summary>Every update has masks of its own.</summary>
    public void StartUpdate()
    {
        _update++;
        _rowsBefore = 0;
    }

    /// <summary>A batch in slices counts its rows through.</summary>
    /// <param name="rowsBefore">The rows of the batch in the slices before.</param>
    public void StartSlice(int rowsBefore) => _rowsBefore = rowsBefore;

    /// <summary>Leaves out some of what a layer is about to read. Threads may do so for rows of their own.</summary>
    public void Apply(int layer, T* values, int first, int end) =>
        _masks[layer]?.Apply(RandomStream.Mix(RandomStream.Mix(_key, _update), (ulong)layer), _rowsBefore, values, first, end);

    /// <summary>Writes or reads the number of the update.</summary>
    public void Exchange(CheckpointState state) => state.Exchange(ref _update);
}
