using BpTrainer.Files;

namespace BpTrainer.Averaging;

/// <summary>An average of the weights of a network during a training.</summary>
internal abstract class WeightAverage<T>(AlignedBuffer<T> parameters) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _learning = new(parameters.Length);

    /// <summary>Whether it takes the weights after updates, not only after epochs.</summary>
    public abstract bool FollowsUpdates { get; }

    protected AlignedBuffer<T> Parameters => parameters;

    /// <summary>Takes the weights after an update if <see cref="FollowsUpdates"/>, otherwise after an epoch.</summary>
    public abstract void Take();

    /// <summary>Puts the average into the network and saves the trained weights until <see cref="Leave"/>.</summary>
    public void Enter()
    {
        parameters.Span.CopyTo(_learning.Span);
        CopyTo(parameters.Span);
    }

    /// <summary>Puts the trained weights back into the network.</summary>
    public void Leave() => _learning.Span.CopyTo(parameters.Span);

    public abstract void SaveOrLoad(CheckpointState state);

    protected abstract void CopyTo(Span<T> average);
}

/// <summary>a ← a + (1 − β)/(1 − βᵗ) · (w − a).</summary>
internal sealed record ExponentialAveraging(double Decay) : WeightAveraging
{
    internal override int NumbersPerParameter(int epochs) => 1;

    internal override void Validate() => Guard.InnerShare(Decay, "decay");

    internal override WeightAverage<T> Create<T>(AlignedBuffer<T> parameters, KernelKind kernel) =>
        Kernel.Create<T, WeightAverage<T>, Factory<T>>(kernel, new Factory<T>(parameters, Decay));

    private readonly struct Factory<T>(AlignedBuffer<T> parameters, double decay) : ISimdFactory<T, WeightAverage<T>>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public WeightAverage<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            new Average<TSimd, TVector, T>(parameters, decay);
    }

    private sealed unsafe class Average<TSimd, TVector, T>(AlignedBuffer<T> parameters, double decay) : WeightAverage<T>(parameters)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly AlignedBuffer<T> _average = new(parameters.Length);

        /// <summary>βᵗ.</summary>
        private double _power = 1;

        public override bool FollowsUpdates => true;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Take()
        {
            _power *= decay;
            TVector share = TSimd.Broadcast(T.CreateTruncating((1 - decay) / (1 - _power)));
            fixed (T* average = _average, weights = Parameters)
            {
                for (int i = 0; i < _average.Length; i += TSimd.Count)
                {
                    TVector old = TSimd.Load(average + i);
                    TSimd.Store(TSimd.MultiplyAdd(share, TSimd.Subtract(TSimd.Load(weights + i), old), old), average + i);
                }
            }
        }

        public override void SaveOrLoad(CheckpointState state)
        {
            state.SaveOrLoad(ref _power, 0, 1);
            state.SaveOrLoadFinite(_average.Span);
        }

        protected override void CopyTo(Span<T> average) => _average.Span.CopyTo(average);
    }
}

/// <summary>The mean of the weights at the end of the last epochs.</summary>
internal sealed record LastEpochsAveraging(int Epochs) : WeightAveraging
{
    internal override int NumbersPerParameter(int epochs) => Math.Min(Epochs, epochs);

    internal override void Validate() => Guard.AtLeast(Epochs, 2, "epochs");

    internal override WeightAverage<T> Create<T>(AlignedBuffer<T> parameters, KernelKind kernel) => new Average<T>(parameters, Epochs);

    private sealed class Average<T>(AlignedBuffer<T> parameters, int epochs) : WeightAverage<T>(parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly List<AlignedBuffer<T>> _copies = [];
        private int _next;

        public override bool FollowsUpdates => false;

        public override void Take()
        {
            Parameters.Span.CopyTo(CopyAt(_next).Span);
            _next = (_next + 1) % epochs;
        }

        public override void SaveOrLoad(CheckpointState state)
        {
            int count = _copies.Count;
            state.SaveOrLoad(ref count, 0, Math.Min(epochs, state.Epochs));
            state.SaveOrLoad(ref _next, 0, Math.Min(count, epochs - 1));
            for (int i = 0; i < count; i++)
            {
                state.SaveOrLoadFinite(CopyAt(i).Span);
            }
        }

        /// <summary>Sums in the order of the copies, independent of their age, so that the order is always the same.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        protected override void CopyTo(Span<T> average)
        {
            average.Clear();
            for (int i = 0; i < _copies.Count; i++)
            {
                Span<T> copy = _copies[i].Span;
                for (int p = 0; p < copy.Length; p++)
                {
                    average[p] += copy[p];
                }
            }

            T count = T.CreateChecked(_copies.Count);
            for (int p = 0; p < average.Length; p++)
            {
                average[p] /= count;
            }
        }

        private AlignedBuffer<T> CopyAt(int index)
        {
            if (index == _copies.Count)
            {
                _copies.Add(new AlignedBuffer<T>(Parameters.Length));
            }

            return _copies[index];
        }
    }
}
