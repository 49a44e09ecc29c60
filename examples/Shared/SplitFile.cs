using System.Globalization;
using System.Text;

namespace BpTrainer.Examples;

/// <summary>
/// The rows of one split for libraries in other languages; parts.py in this folder reads them. The file is CSV without a header: the part
/// (training, validation or test), the target (a number, or the index of a class from 0), and the features.
/// </summary>
internal sealed class SplitFile
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a row.</summary>
    public void Add(string part, float target, ReadOnlySpan<float> features)
    {
        _text.Append(part).Append(',').Append(CultureInfo.InvariantCulture, $"{target}");
        foreach (float feature in features)
        {
            _text.Append(CultureInfo.InvariantCulture, $",{feature}");
        }

        _text.Append('\n');
    }

    /// <summary>Writes the file, or replaces an existing one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to it is denied.</exception>
    public void Write(string file) => WholeFile.Write(file, _text.ToString());
}
