using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer.Losses;

/// <summary>Σ (a − y + y ln(y / a)), where 0 ln 0 = 0, so Σ a for targets 0.</summary>
internal sealed record PoissonLoss() : Loss("poisson")
{
    internal override LossFunction<T> CreateFunction<T>(LayerSpec output)
    {
        if (!output.Activation.YieldsPositive)
        {
            throw new ArgumentException(
                $"The loss {this} takes logarithms of the outputs and needs them above 0, but the output layer is {output.Activation}: use exponential or softplus.");
        }

        return output.Activation == Activation.Exponential
            ? new LossFunction<T, FromNetInput<T>>(default, isMatched: true)
            : new LossFunction<T, FromOutput<T>>(default, isMatched: false);
    }

    internal override void CheckTargets(ColumnScaling? scaling)
    {
        for (int c = 0; scaling is not null && c < scaling.Columns; c++)
        {
            if (scaling.Offsets[c] != 0 || scaling.Scales[c] < 0)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"The loss {this} needs targets of 0 or more, but in the output scaling column {c} has the offset {scaling.Offsets[c]} and the scale {scaling.Scales[c]}: the offset must be 0 and the scale above 0."));
            }
        }
    }

    /// <summary>y ln y, 0 for 0, NaN for what is no count.</summary>
    private static T Entropy<T>(T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => y == T.Zero ? T.Zero : y * T.Log(y);

    /// <summary>Behind the exponential function ln a = z, finite where a rounds to 0, and ∂L/∂z = a − y.</summary>
    private readonly unsafe struct FromNetInput<T> : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T y = target[c];
                T error = output[c] - y;
                sum += error + (Entropy(y) - (y * netInput[c]));
                delta[c] = error;
            }

            return sum;
        }
    }

    /// <summary>Behind any other output above 0: ∂L/∂a = 1 − y/a.</summary>
    private readonly unsafe struct FromOutput<T> : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T y = target[c];
                T a = Rounding.KeepPositive(output[c]);
                sum += a - y + (Entropy(y) - (y * T.Log(a)));
                delta[c] = T.One - (y / a);
            }

            return sum;
        }
    }
}
