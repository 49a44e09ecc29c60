using System.Numerics;

namespace BpTrainer;

/// <summary>Keeps outputs that rounded to a limit of their range where logarithms are finite. NaN stays NaN.</summary>
internal static class Rounding
{
    /// <summary>Moves 0 and 1 inside by the machine epsilon of T.</summary>
    public static T KeepProbability<T>(T a) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.Min(T.Max(a, Epsilon<T>()), T.One - Epsilon<T>());

    /// <summary>Moves 0 up by the machine epsilon of T.</summary>
    public static T KeepPositive<T>(T a) where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.Max(a, Epsilon<T>());

    private static T Epsilon<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.BitIncrement(T.One) - T.One;
}
