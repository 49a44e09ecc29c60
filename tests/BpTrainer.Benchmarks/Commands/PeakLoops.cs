using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer.Benchmarks;

/// <summary>Loops that do nothing but what is measured, with the vectors of a kernel.</summary>
internal abstract class PeakLoops<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The sums of <see cref="MultiplyAdds"/>: two multiply-adds a cycle, of up to five cycles, keep ten busy.</summary>
    protected const int Sums = 12;

    /// <summary>Steps of a burst, which takes some tenths of a millisecond.</summary>
    protected const int Steps = 100_000;

    /// <summary>Lengths are multiples of it.</summary>
    public const int BlockLength = 128;

    /// <summary>The additions and multiplications of <see cref="MultiplyAdds"/>.</summary>
    public abstract double OperationsOfBurst { get; }

    /// <summary>Makes the loops of a kernel.</summary>
    public static PeakLoops<T> Create(KernelKind kind) => Kernel.Create<T, PeakLoops<T>, Factory>(kind, default);

    /// <summary>Independent multiply-adds in registers.</summary>
    public abstract void MultiplyAdds(int thread);

    /// <summary>Reads three arrays.</summary>
    public abstract void Read(AlignedBuffer<T> a, AlignedBuffer<T> b, AlignedBuffer<T> c);

    /// <summary>c = a + x·b.</summary>
    public abstract void Triad(AlignedBuffer<T> a, AlignedBuffer<T> b, AlignedBuffer<T> c);

    private readonly struct Factory : ISimdFactory<T, PeakLoops<T>>
    {
        public PeakLoops<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            new PeakLoops<TSimd, TVector, T>();
    }
}

/// <summary>The loops with vectors of one width.</summary>
internal sealed unsafe class PeakLoops<TSimd, TVector, T> : PeakLoops<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _sink = new T[64];

    public override double OperationsOfBurst => 2.0 * Sums * Steps * TSimd.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void MultiplyAdds(int thread)
    {
        TVector x = TSimd.Broadcast(T.CreateChecked(0.999));
        TVector y = TSimd.Broadcast(T.CreateChecked(0.001));
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        TVector c6 = default, c7 = default, c8 = default, c9 = default, ca = default, cb = default;
        for (int step = 0; step < Steps; step++)
        {
            c0 = TSimd.MultiplyAdd(c0, x, y);
            c1 = TSimd.MultiplyAdd(c1, x, y);
            c2 = TSimd.MultiplyAdd(c2, x, y);
            c3 = TSimd.MultiplyAdd(c3, x, y);
            c4 = TSimd.MultiplyAdd(c4, x, y);
            c5 = TSimd.MultiplyAdd(c5, x, y);
            c6 = TSimd.MultiplyAdd(c6, x, y);
            c7 = TSimd.MultiplyAdd(c7, x, y);
            c8 = TSimd.MultiplyAdd(c8, x, y);
            c9 = TSimd.MultiplyAdd(c9, x, y);
            ca = TSimd.MultiplyAdd(ca, x, y);
            cb = TSimd.MultiplyAdd(cb, x, y);
        }

        TVector sum = TSimd.Add(TSimd.Add(TSimd.Add(c0, c1), TSimd.Add(c2, c3)), TSimd.Add(TSimd.Add(c4, c5), TSimd.Add(c6, c7)));
        Keep(TSimd.Add(sum, TSimd.Add(TSimd.Add(c8, c9), TSimd.Add(ca, cb))), thread);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Read(AlignedBuffer<T> a, AlignedBuffer<T> b, AlignedBuffer<T> c)
    {
        fixed (T* x = a, y = b, z = c)
        {
            TVector sum = TSimd.Add(Sum(x, a.Length), TSimd.Add(Sum(y, b.Length), Sum(z, c.Length)));
            Keep(sum, thread: 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Triad(AlignedBuffer<T> a, AlignedBuffer<T> b, AlignedBuffer<T> c)
    {
        TVector factor = TSimd.Broadcast(T.CreateChecked(0.5));
        fixed (T* x = a, y = b, z = c)
        {
            for (int i = 0; i < a.Length; i += 2 * TSimd.Count)
            {
                int j = i + TSimd.Count;
                TSimd.Store(TSimd.MultiplyAdd(factor, TSimd.Load(y + i), TSimd.Load(x + i)), z + i);
                TSimd.Store(TSimd.MultiplyAdd(factor, TSimd.Load(y + j), TSimd.Load(x + j)), z + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TVector Sum(T* from, int length)
    {
        TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (T* end = from + length; from < end; from += 8 * TSimd.Count)
        {
            s0 = TSimd.Add(s0, TSimd.Load(from));
            s1 = TSimd.Add(s1, TSimd.Load(from + TSimd.Count));
            s2 = TSimd.Add(s2, TSimd.Load(from + (2 * TSimd.Count)));
            s3 = TSimd.Add(s3, TSimd.Load(from + (3 * TSimd.Count)));
            s4 = TSimd.Add(s4, TSimd.Load(from + (4 * TSimd.Count)));
            s5 = TSimd.Add(s5, TSimd.Load(from + (5 * TSimd.Count)));
            s6 = TSimd.Add(s6, TSimd.Load(from + (6 * TSimd.Count)));
            s7 = TSimd.Add(s7, TSimd.Load(from + (7 * TSimd.Count)));
        }

        return TSimd.Add(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)), TSimd.Add(TSimd.Add(s4, s5), TSimd.Add(s6, s7)));
    }

    /// <summary>Something must become of a sum, or its loop could be left out.</summary>
    private void Keep(TVector sum, int thread) => _sink[thread % _sink.Length] = TSimd.Sum(sum);
}
