using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>½ Σ (y − a)² with ∂/∂a = a − y, or (1/m) Σ (y − a)² with ∂/∂a = (2/m)(a − y).</summary>
internal sealed record SquaredErrorLoss(string Text, bool IsMean) : Loss(Text)
{
    /// <summary>A flag that the JIT knows, so that no loop asks for it.</summary>
    private interface IFlag
    {
        static abstract bool Value { get; }
    }

    private protected override LossFunction<T> CreateCheckedFunction<T>(Activation output) => (IsMean, output == Activation.Linear) switch
    {
        (false, false) => new LossFunction<T, Row<T, No, No>>(),
        (false, true) => new LossFunction<T, Row<T, No, Yes>>(),
        (true, false) => new LossFunction<T, Row<T, Yes, No>>(),
        (true, true) => new LossFunction<T, Row<T, Yes, Yes>>(),
    };

    private readonly struct Yes : IFlag
    {
        public static bool Value => true;
    }

    private readonly struct No : IFlag
    {
        public static bool Value => false;
    }

    /// <summary>Behind a linear output, whose derivative is 1, ∂L/∂a is ∂L/∂z.</summary>
    private readonly unsafe struct Row<T, TMean, TLinear> : IRowLoss<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TMean : IFlag
        where TLinear : IFlag
    {
        public static bool IsMatched => TLinear.Value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T slope = TMean.Value ? T.CreateTruncating(2) / T.CreateTruncating(columns) : T.One;
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T error = output[c] - target[c];
                sum += error * error;
                delta[c] = slope * error;
            }

            return slope * sum * T.CreateTruncating(0.5);
        }
    }
}
