using System.Numerics;

namespace BpTrainer.Kernels;

/// <summary>Makes an object whose code is generic over the width of vectors.</summary>
internal interface ISimdFactory<T, out TResult> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TResult Create<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged;
}
