using System.Globalization;
using System.Text.Json;

namespace BpTrainer.Files;

/// <summary>
/// Numbers in JSON, with as many digits as are needed to read the same number back. JSON cannot express NaN and infinity as numbers, so
/// they are the strings "NaN", "Infinity" and "-Infinity".
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
            // As a double, a float would get meaningless digits.
            writer.WriteNumberValue(float.CreateChecked(number));
        }
        else
        {
            writer.WriteNumberValue(double.CreateChecked(number));
        }
    }
}
