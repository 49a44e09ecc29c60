using System.Numerics;

namespace BpTrainer;

/// <summary>A loss and its derivative for one sample.</summary>
internal abstract unsafe class LossFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Whether <see cref="Evaluate"/> gives ∂L/∂z, the error term of the net input, rather than ∂L/∂a. It does for matched
    /// pairs (linear and squares, logistic and binary, softmax and categorical cross-entropy), where ∂L/∂z = a − y.
    /// </summary>
    public virtual bool IsMatched => false;

    /// <summary>Computes the loss of a sample, and its derivative.</summary>
    /// <param name="netInput">z of the output layer.</param>
    /// <param name="output">a = f(z).</param>
    /// <param name="target">y.</param>
    /// <param name="delta">Receives ∂L/∂z or ∂L/∂a, see <see cref="IsMatched"/>.</param>
    /// <param name="columns">The number of outputs m.</param>
    /// <returns>The loss.</returns>
    public abstract T Evaluate(T* netInput, T* output, T* target, T* delta, int columns);
}
