using System.Numerics;

namespace BpTrainer;

/// <summary>w ← w − η ∂E/∂w.</summary>
internal sealed record GradientDescentRule : UpdateRule
{
    internal override UpdateStep<T> CreateStep<T>(int parameters) => new Step<T>();

    private sealed unsafe class Step<T> : UpdateStep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Apply(T* parameters, T* gradient, int first, int count, T learningRate)
        {
            for (int i = 0; i < count; i++)
            {
                parameters[i] -= learningRate * gradient[i];
            }
        }

        public override void Reset()
        {
        }
    }
}
