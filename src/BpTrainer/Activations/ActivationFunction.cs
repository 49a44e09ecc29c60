using System.Numerics;

namespace BpTrainer;

/// <summary>
/// An activation and its derivative on the rows of a matrix in padded storage. One virtual call serves a whole block of rows.
/// </summary>
internal abstract unsafe class ActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// values ← f(values) for rows × columns. The padding from columns to stride must be 0 before, and is 0 after.
    /// </summary>
    public abstract void Apply(T* values, int rows, int columns, nint stride);

    /// <summary>
    /// delta ← delta · ∂a/∂z, where delta holds ∂L/∂a and <paramref name="outputs"/> holds a = f(z):
    /// every derivative here is a function of the output.
    /// </summary>
    public abstract void MultiplyByDerivative(T* delta, T* outputs, int rows, int columns, nint stride);
}
