using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>Keeps a copy of the weights of one epoch, to go back to.</summary>
internal sealed class WeightKeeper<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _parameters;
    private readonly AlignedBuffer<T> _kept;
    private int _epoch;

    public WeightKeeper(AlignedBuffer<T> parameters)
    {
        _parameters = parameters;
        _kept = parameters.Clone();
    }

    /// <summary>The epoch whose weights are kept; 0 for those before training.</summary>
    public int Epoch => _epoch;

    public bool ParametersAreFinite => _parameters.IsFinite(0, _parameters.Length);

    public void Keep(int epoch)
    {
        _parameters.Span.CopyTo(_kept.Span);
        _epoch = epoch;
    }

    public void Restore() => _kept.Span.CopyTo(_parameters.Span);

    /// <summary>Writes or reads the weights that are kept.</summary>
    public void Exchange(CheckpointState state)
    {
        state.Exchange(ref _epoch, 0, state.Epochs);
        state.ExchangeFinite(_kept.Span);
    }
}
