using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>With e = yⱼ − aⱼ: (1/m) Σⱼ max(τⱼe, (τⱼ − 1)e), a share τⱼ of its own for each of the m outputs; derivatives as for one quantile.</summary>
internal sealed record QuantilesLoss(double[] Taus) : Loss("quantiles")
{
    private protected override string Parameters => string.Join(';', Taus.Select(tau => tau.ToString(CultureInfo.InvariantCulture)));

    public bool Equals(QuantilesLoss? other) => other is not null && Taus.SequenceEqual(other.Taus);

    public override int GetHashCode() => HashCode.Combine(Taus.Length, Taus[0], Taus[^1]);

    internal override LossFunction<T> CreateFunction<T>(LayerSpec output) => output.Units == Taus.Length
        ? new LossFunction<T, Row<T>>(new Row<T>(Taus), isMatched: output.Activation == Activation.Linear)
        : throw new ArgumentException($"The loss {this} has {Taus.Length} quantiles, but the network has {output.Units} outputs: each needs one.");

    private readonly unsafe struct Row<T>(double[] taus) : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _tooLow = [.. taus.Select(tau => T.CreateTruncating(-tau / taus.Length))];
        private readonly T[] _tooHigh = [.. taus.Select(tau => T.CreateTruncating((1 - tau) / taus.Length))];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                // 0 and NaN have no side and pass through as they are.
                T error = output[c] - target[c];
                T slope = error > T.Zero ? _tooHigh[c] : error < T.Zero ? _tooLow[c] : error;
                sum += slope * error;
                delta[c] = slope;
            }

            return sum;
        }
    }
}
