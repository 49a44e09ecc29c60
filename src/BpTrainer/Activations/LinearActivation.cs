using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>The identity, f(z) = z. The usual output of regression.</summary>
    public static Activation Linear { get; } = new LinearActivation();
}

/// <summary>f(z) = z, f′ = 1.</summary>
internal sealed record LinearActivation() : Activation("linear")
{
    public static ActivationForm Form { get; } = new("linear", [], _ => Linear);

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => new Identity<T>();

    /// <summary>Leaves z and δ as they are.</summary>
    private sealed unsafe class Identity<T> : ActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Apply(T* values, T* slopes, T* kept, int rows, int columns, nint stride)
        {
        }

        public override void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* kept, int rows, int columns, nint stride)
        {
        }
    }
}
