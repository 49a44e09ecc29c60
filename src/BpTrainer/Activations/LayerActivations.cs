namespace BpTrainer.Activations;

/// <summary>f(z)ⱼ = e^zⱼ / Σₖ e^zₖ over the units of a layer. Its derivative is a matrix: ∂aⱼ/∂zₖ = aⱼ(δⱼₖ − aₖ).</summary>
internal sealed record SoftmaxActivation() : Activation("softmax")
{
    internal override bool YieldsProbabilities => true;

    internal override (double Lowest, double Highest) Range => (0, 1);

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) =>
        Kernel.Create<T, ActivationFunction<T>, Factory<T>>(kernel, default);

    private readonly struct Factory<T> : ISimdFactory<T, ActivationFunction<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public ActivationFunction<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            new Function<TSimd, TVector, T>();
    }

    private sealed unsafe class Function<TSimd, TVector, T> : ActivationFunction<T>
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Apply(T* values, T* slopes, T* cache, int rows, int columns, nint stride)
        {
            // If rows are padded to whole vectors, the padding counts as −∞, whose exponential is 0.
            int rest = columns % TSimd.Count;
            bool isPadded = rest > 0 && columns - rest + TSimd.Count <= stride;
            int whole = isPadded ? columns - rest + TSimd.Count : columns - rest;
            T* ofLast = stackalloc T[TSimd.Count];
            for (int lane = 0; lane < TSimd.Count; lane++)
            {
                ofLast[lane] = isPadded && lane >= rest ? T.NegativeInfinity : T.Zero;
            }

            TVector padding = TSimd.Load(ofLast);
            for (int row = 0; row < rows; row++, values += stride)
            {
                if (isPadded)
                {
                    T* last = values + whole - TSimd.Count;
                    TSimd.Store(TSimd.Add(TSimd.Load(last), padding), last);
                }

                // The largest net input is subtracted first, so that no exponential overflows.
                int end = Math.Max(whole, columns);
                T sum = Exponentials(values, end, Largest(values, end));
                Scale(values, end, T.One / sum);
                new Span<T>(values + columns, (int)stride - columns).Clear();
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* cache, int rows, int columns, nint stride)
        {
            for (int row = 0; row < rows; row++, delta += stride, outputs += stride)
            {
                // Σⱼ gⱼ ∂aⱼ/∂zₖ = aₖ (gₖ − Σⱼ gⱼ aⱼ)
                T mean = Dot(delta, outputs, columns);
                TVector means = TSimd.Broadcast(mean);
                int c = 0;
                for (; c + TSimd.Count <= columns; c += TSimd.Count)
                {
                    TSimd.Store(TSimd.Multiply(TSimd.Load(outputs + c), TSimd.Subtract(TSimd.Load(delta + c), means)), delta + c);
                }

                for (; c < columns; c++)
                {
                    delta[c] = outputs[c] * (delta[c] - mean);
                }
            }
        }

        /// <summary>The largest of the values. A NaN may be skipped: its own exponential is NaN, so the sum is NaN too.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Largest(T* values, int columns)
        {
            T largest = values[0];
            int c = 0;
            if (columns >= TSimd.Count)
            {
                TVector highest = TSimd.Load(values);
                for (c = TSimd.Count; c + TSimd.Count <= columns; c += TSimd.Count)
                {
                    TVector next = TSimd.Load(values + c);
                    highest = TSimd.SelectLess(highest, next, next, highest);
                }

                largest = TSimd.Largest(highest);
            }

            for (; c < columns; c++)
            {
                largest = T.Max(largest, values[c]);
            }

            return largest;
        }

        /// <summary>values ← e^(values − largest); returns their sum.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Exponentials(T* values, int columns, T largest)
        {
            TVector shift = TSimd.Broadcast(largest);
            TVector sums = default;
            int c = 0;
            for (; c + TSimd.Count <= columns; c += TSimd.Count)
            {
                TVector e = VectorMath<TSimd, TVector, T>.ExpOfNegative(TSimd.Subtract(TSimd.Load(values + c), shift));
                TSimd.Store(e, values + c);
                sums = TSimd.Add(sums, e);
            }

            T sum = TSimd.Sum(sums);
            for (; c < columns; c++)
            {
                values[c] = VectorMath<SimdScalar<T>, T, T>.ExpOfNegative(values[c] - largest);
                sum += values[c];
            }

            return sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Scale(T* values, int columns, T factor)
        {
            TVector factors = TSimd.Broadcast(factor);
            int c = 0;
            for (; c + TSimd.Count <= columns; c += TSimd.Count)
            {
                TSimd.Store(TSimd.Multiply(TSimd.Load(values + c), factors), values + c);
            }

            for (; c < columns; c++)
            {
                values[c] *= factor;
            }
        }

        /// <summary>Σ xᵢ yᵢ.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Dot(T* x, T* y, int columns)
        {
            TVector sums = default;
            int c = 0;
            for (; c + TSimd.Count <= columns; c += TSimd.Count)
            {
                sums = TSimd.MultiplyAdd(TSimd.Load(x + c), TSimd.Load(y + c), sums);
            }

            T sum = TSimd.Sum(sums);
            for (; c < columns; c++)
            {
                sum += x[c] * y[c];
            }

            return sum;
        }
    }
}

/// <summary>
/// f(z)₁ = z₁, f(z)ⱼ = f(z)ⱼ₋₁ + softplus(zⱼ) over the units of a layer. Its derivative is a triangular matrix: ∂aⱼ/∂z₁ = 1 and, for j ≥ k
/// &gt; 1, ∂aⱼ/∂zₖ = σ(zₖ), so that ∂L/∂zₖ = σ(zₖ) Σⱼ≥ₖ ∂L/∂aⱼ.
/// </summary>
internal sealed record CumulativeSoftplusActivation() : Activation("cumulative-softplus")
{
    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => new Function<T>();

    /// <summary>
    /// Each sum depends on the one before, and there are few quantiles, so vectors would not help: every kernel uses the same code.
    /// </summary>
    private sealed unsafe class Function<T> : ActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override bool NeedsCache => true;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Apply(T* values, T* slopes, T* cache, int rows, int columns, nint stride)
        {
            for (int row = 0; row < rows; row++, values += stride)
            {
                // σ(z), and 1 for the first unit.
                T* kept = cache is null ? null : cache + (row * stride);
                if (kept is not null)
                {
                    *kept = T.One;
                }

                for (int c = 1; c < columns; c++)
                {
                    T z = values[c];
                    if (kept is not null)
                    {
                        kept[c] = T.One / (T.One + T.Exp(-z));
                    }

                    values[c] = values[c - 1] + (T.Max(z, T.Zero) + T.LogP1(T.Exp(-T.Abs(z))));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* cache, int rows, int columns, nint stride)
        {
            for (int row = 0; row < rows; row++, delta += stride, cache += stride)
            {
                T sum = T.Zero;
                for (int c = columns - 1; c >= 0; c--)
                {
                    sum += delta[c];
                    delta[c] = cache[c] * sum;
                }
            }
        }
    }
}
