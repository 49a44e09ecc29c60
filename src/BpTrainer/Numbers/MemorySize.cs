using System.Globalization;

namespace BpTrainer.Numbers;

/// <summary>How much memory there is and how much is needed, in bytes.</summary>
internal static class MemorySize
{
    /// <summary>The memory of the machine or of its container, whether or not it is free.</summary>
    public static long Available => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Throws if an option would take more memory than <see cref="Available"/>.</summary>
    public static void ThrowIfNotAvailable(double bytes, string option, object value)
    {
        if (bytes > Available)
        {
            throw Guard.OutOfRange(option, value, $"less: it would take {Text(bytes)} of memory, but there is only {Text(Available)}");
        }
    }

    /// <summary>The bytes of numbers, at most <see cref="long.MaxValue"/>.</summary>
    public static unsafe long Of<T>(double numbers) where T : unmanaged, IBinaryFloatingPointIeee754<T> => (long)(numbers * sizeof(T));

    /// <summary>Bytes as text, in B, kB, MB, GB or TB, each 1000 times the one before.</summary>
    public static string Text(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        int power = bytes < 1000 ? 0 : (int)Math.Min(Math.Log10(bytes) / 3, units.Length - 1);
        return (bytes / Math.Pow(1000, power)).ToString(power == 0 ? "" : "F1", CultureInfo.InvariantCulture) + " " + units[power];
    }
}
