using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BpTrainer.ML;

/// <summary>Looks for missing and infinite values.</summary>
internal static class Finite
{
    /// <summary>Whether no value is NaN or infinite. x − x is 0 for every other x, and a sum stays NaN once it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool All(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<float> sum = Vector<float>.Zero;
        foreach (Vector<float> x in vectors)
        {
            sum += x - x;
        }

        float rest = 0;
        foreach (float x in values[(vectors.Length * Vector<float>.Count)..])
        {
            rest += x - x;
        }

        return rest == 0 && Vector.EqualsAll(sum, Vector<float>.Zero);
    }
}
