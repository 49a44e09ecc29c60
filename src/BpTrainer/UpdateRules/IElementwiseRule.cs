using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// The arithmetic of an update rule that changes every parameter by itself. The struct holds the figures of the rule;
/// <see cref="ElementwiseStep{TSimd, TVector, T, TRule}"/> runs it over the parameters and keeps what it remembers.
/// </summary>
internal interface IElementwiseRule<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many numbers are remembered for each parameter, 0 to 3. They begin as 0.</summary>
    static abstract int Memories { get; }

    /// <summary>Computes, in a copy of the struct, what is the same for many parameters.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="numbers">The remembered numbers, as <see cref="ICountingRule.Begin"/> left them; none if the rule is no <see cref="ICountingRule"/>.</param>
    void Prepare(T learningRate, ReadOnlySpan<double> numbers);

    /// <summary>The update of one vector of parameters.</summary>
    /// <param name="w">The parameters.</param>
    /// <param name="g">∂E/∂w. Where w is padding it is 0, and w must stay 0.</param>
    /// <param name="first">What is remembered of them; likewise <paramref name="second"/> and <paramref name="third"/>, if the rule remembers as much.</param>
    /// <param name="second">See <paramref name="first"/>.</param>
    /// <param name="third">See <paramref name="first"/>.</param>
    /// <returns>The new parameters.</returns>
    TVector Update<TSimd, TVector>(TVector w, TVector g, ref TVector first, ref TVector second, ref TVector third)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged;
}
