using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// What an element-wise activation has to say whose derivative is a function of its value: both. An implementation is a
/// struct with the parameters of the function as fields, if it has any.
/// </summary>
internal interface IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether f(0) = 0, so that padding stays 0 by itself.</summary>
    static abstract bool KeepsZero { get; }

    TVector Value<TSimd, TVector>(TVector z)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged;

    TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged;
}
