namespace BpTrainer.Report.Tests.Browser;

/// <summary>A test in a real browser, which is skipped, with a word, where there is no Chromium.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.Path is null ? Chromium.Missing : null;
}

/// <summary>The browser of this machine.</summary>
internal static class Chromium
{
    public const string Missing = "There is no Chromium here; install it (apt-get install chromium) or name its file in CHROMIUM.";

    private static readonly string[] s_usual =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    /// <summary>The file of the program: the one that CHROMIUM names, else the first in a usual place; null without one.</summary>
    public static string? Path { get; } =
        (Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? [named] : s_usual).FirstOrDefault(File.Exists);
}
