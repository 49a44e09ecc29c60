namespace BpTrainer.Report.Drawing;

/// <summary>The style and the script, which are separate files in the source.</summary>
internal static class Resource
{
    public static string Text(string name)
    {
        using var reader = new StreamReader(typeof(Resource).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
