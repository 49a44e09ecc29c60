using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>What an element-wise activation has to say: its value, and its derivative in terms of that value.</summary>
internal interface IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether f(0) = 0, so that padding stays 0 by itself.</summary>
    static abstract bool KeepsZero { get; }

    static abstract TVector Value<TSimd, TVector>(TVector z)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged;

    static abstract TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged;
}
