namespace BpTrainer.Kernels;

/// <summary>
/// The products of pairs of codes with weights, for the codes of a <see cref="PiecewiseLinearEncoding"/>. Lengths are multiples of
/// <see cref="AlignedBuffer{T}.Lanes"/>.
/// </summary>
internal abstract unsafe class CodeKernel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static CodeKernel<T> Create(KernelKind kind) => Kernel.Create<T, CodeKernel<T>, Factory>(kind, default);

    /// <summary>
    /// z ← z + Σ codes[2c]·W[places[c]] + codes[2c + 1]·W[places[c] + 1] over the columns c of a row, for W codes × stride.
    /// </summary>
    public abstract void AddProducts(int* places, T* codes, int columns, T* weights, nint stride, T* z, int length);

    /// <summary>
    /// The gradient of the weights of one column: G[place] ← G[place] + code·δ for both codes of each row.
    /// </summary>
    /// <param name="places">The place of the first row; that of the next row is <paramref name="columns"/> further on.</param>
    /// <param name="codes">The pair of codes of the first row; that of the next row is 2 · <paramref name="columns"/> further on.</param>
    /// <param name="columns">The number of columns with codes.</param>
    /// <param name="delta">rows × deltaStride.</param>
    /// <param name="deltaStride">The distance between rows of δ.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="gradient">The gradient for place 0: codes × stride.</param>
    /// <param name="stride">The distance between rows of the gradient.</param>
    /// <param name="length">The number of values in a row of δ.</param>
    public abstract void AddOuterProducts(
        int* places, T* codes, int columns, T* delta, nint deltaStride, int rows, T* gradient, nint stride, int length);

    private readonly struct Factory : ISimdFactory<T, CodeKernel<T>>
    {
        public CodeKernel<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            new CodeKernel<TSimd, TVector, T>();
    }
}

/// <summary>A <see cref="CodeKernel{T}"/> for vectors of one width.</summary>
internal sealed unsafe class CodeKernel<TSimd, TVector, T> : CodeKernel<T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddProducts(int* places, T* codes, int columns, T* weights, nint stride, T* z, int length)
    {
        int i = 0;
        for (; i + (4 * TSimd.Count) <= length; i += 4 * TSimd.Count)
        {
            TVector z0 = TSimd.Load(z + i);
            TVector z1 = TSimd.Load(z + i + TSimd.Count);
            TVector z2 = TSimd.Load(z + i + (2 * TSimd.Count));
            TVector z3 = TSimd.Load(z + i + (3 * TSimd.Count));
            for (int c = 0; c < columns; c++)
            {
                T* low = weights + (places[c] * stride) + i;
                T* high = low + stride;
                TVector x = TSimd.Broadcast(codes[2 * c]);
                TVector y = TSimd.Broadcast(codes[(2 * c) + 1]);
                z0 = TSimd.MultiplyAdd(y, TSimd.Load(high), TSimd.MultiplyAdd(x, TSimd.Load(low), z0));
                z1 = TSimd.MultiplyAdd(y, TSimd.Load(high + TSimd.Count), TSimd.MultiplyAdd(x, TSimd.Load(low + TSimd.Count), z1));
                low += 2 * TSimd.Count;
                high += 2 * TSimd.Count;
                z2 = TSimd.MultiplyAdd(y, TSimd.Load(high), TSimd.MultiplyAdd(x, TSimd.Load(low), z2));
                z3 = TSimd.MultiplyAdd(y, TSimd.Load(high + TSimd.Count), TSimd.MultiplyAdd(x, TSimd.Load(low + TSimd.Count), z3));
            }

            TSimd.Store(z0, z + i);
            TSimd.Store(z1, z + i + TSimd.Count);
            TSimd.Store(z2, z + i + (2 * TSimd.Count));
            TSimd.Store(z3, z + i + (3 * TSimd.Count));
        }

        for (; i < length; i += TSimd.Count)
        {
            TVector sum = TSimd.Load(z + i);
            for (int c = 0; c < columns; c++)
            {
                T* low = weights + (places[c] * stride) + i;
                sum = TSimd.MultiplyAdd(TSimd.Broadcast(codes[2 * c]), TSimd.Load(low), sum);
                sum = TSimd.MultiplyAdd(TSimd.Broadcast(codes[(2 * c) + 1]), TSimd.Load(low + stride), sum);
            }

            TSimd.Store(sum, z + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddOuterProducts(
        int* places, T* codes, int columns, T* delta, nint deltaStride, int rows, T* gradient, nint stride, int length)
    {
        for (int row = 0; row < rows; row++, places += columns, codes += 2 * columns, delta += deltaStride)
        {
            T* low = gradient + (*places * stride);
            T* high = low + stride;
            TVector x = TSimd.Broadcast(codes[0]);
            TVector y = TSimd.Broadcast(codes[1]);
            for (int i = 0; i < length; i += TSimd.Count)
            {
                TVector d = TSimd.Load(delta + i);
                TSimd.Store(TSimd.MultiplyAdd(x, d, TSimd.Load(low + i)), low + i);
                TSimd.Store(TSimd.MultiplyAdd(y, d, TSimd.Load(high + i)), high + i);
            }
        }
    }
}
