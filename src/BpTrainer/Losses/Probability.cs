using System.Numerics;

namespace BpTrainer;

/// <summary>Keeps a computed probability where its logarithms are finite.</summary>
internal static class Probability
{
    /// <summary>Moves 0 and 1 inside by the machine epsilon of T. NaN stays NaN.</summary>
    public static T KeepInside<T>(T a) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T epsilon = T.BitIncrement(T.One) - T.One;
        return T.Min(T.Max(a, epsilon), T.One - epsilon);
    }
}
