using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

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

        public override void Exchange(CheckpointState state)
        {
            int count = _copies.Count;
            state.Exchange(ref count, 0, Math.Min(epochs, state.Epochs));
            state.Exchange(ref _next, 0, Math.Min(count, epochs - 1));
            for (int i = 0; i < count; i++)
            {
                state.ExchangeFinite(CopyAt(i).Span);
            }
        }

        /// <summary>Sums in the order of the copies, whatever their age, so that there is one order.</summary>
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
