using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// What an element-wise activation has to say whose derivative is no function of its value: both, from the net input in one
/// go, because they share their exponentials. f(0) must be 0, so that padding stays 0.
/// </summary>
internal interface ISlopedElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract TVector Value<TSimd, TVector>(TVector z, out TVector derivative)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged;
}
