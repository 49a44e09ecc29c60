namespace BpTrainer.Examples.Playground;

/// <summary>The styles, which are files of their own in the source.</summary>
internal static class Style
{
    /// <summary>The text of a style sheet.</summary>
    /// <param name="name">Its name, such as chart.css.</param>
    public static string Of(string name)
    {
        using var reader = new StreamReader(typeof(Style).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
