using System.Numerics;

namespace BpTrainer.Activations;

/// <summary>
/// An activation and its derivative on the rows of a matrix in padded storage. One virtual call serves a whole block of rows.
/// </summary>
/// <remarks>
/// Most derivatives are functions of the output, and cost no memory. The others need something that only the forward pass
/// knows: it keeps that in a matrix of the shape of the outputs.
/// </remarks>
internal abstract unsafe class ActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether <see cref="MultiplyByDerivative"/> needs what <see cref="Apply"/> kept.</summary>
    public virtual bool Keeps => false;

    /// <summary>
    /// values ← f(values) for rows × columns. The padding from columns to stride must be 0 before, and is 0 after.
    /// </summary>
    /// <param name="values">z, then a.</param>
    /// <param name="slopes">The learned slope of each unit, padded with zeros; read only by functions that have one.</param>
    /// <param name="kept">Receives what the derivative needs, laid out as the values; null where no derivative will be asked for.</param>
    /// <param name="rows">The number of samples.</param>
    /// <param name="columns">The number of units.</param>
    /// <param name="stride">The distance from a row to the next.</param>
    public abstract void Apply(T* values, T* slopes, T* kept, int rows, int columns, nint stride);

    /// <summary>
    /// delta ← delta · ∂a/∂z, where delta holds ∂L/∂a. A function with learned slopes also replaces what was kept by the
    /// share of each sample in the gradient of each slope.
    /// </summary>
    /// <param name="delta">∂L/∂a, then ∂L/∂z.</param>
    /// <param name="outputs">a = f(z).</param>
    /// <param name="slopes">The learned slopes, as for <see cref="Apply"/>.</param>
    /// <param name="kept">What <see cref="Apply"/> kept; null if the function keeps nothing.</param>
    /// <param name="rows">The number of samples.</param>
    /// <param name="columns">The number of units.</param>
    /// <param name="stride">The distance from a row to the next, in all matrices.</param>
    public abstract void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* kept, int rows, int columns, nint stride);
}
