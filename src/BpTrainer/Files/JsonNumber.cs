using System.Globalization;
using System.Text.Json;

namespace BpTrainer.Files;

/// <summary>
/// Numbers in JSON, with as many digits as it takes to get the same number again. NaN and infinity, which JSON has no numbers for, are the
/// strings "NaN", "Infinity" and "-Infinity".
/// </summary>
internal static class JsonNumber
{
    public static void Write<T>(Utf8JsonWriter writer, T number) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(number))
        {
            writer.WriteStringValue(number.ToString(null, CultureInfo.InvariantCulture));
        }
        else if (typeof(T) == typeof(float))
        {
            // A float as a double would have digits that it does not know.
            writer.WriteNumberValue(float.CreateChecked(number));
        }
        else
        {
            writer.WriteNumberValue(double.CreateChecked(number));
        }
    }
}
