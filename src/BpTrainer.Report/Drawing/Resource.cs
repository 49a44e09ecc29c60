namespace BpTrainer.Report.Drawing;

/// <summary>Style and script, which are files of their own in the source.</summary>
internal static class Resource
{
    public static string Text(string name)
    {
        using var reader = new StreamReader(typeof(Resource).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
