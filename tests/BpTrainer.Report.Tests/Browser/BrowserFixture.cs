using Microsoft.Playwright;

namespace BpTrainer.Report.Tests.Browser;

/// <summary>A browser for all tests, and the reports as files that it opens.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bptrainer-browser-").FullName;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where screenshots go, to be looked at.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;

    public async Task InitializeAsync()
    {
        if (Chromium.Path is null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium.Path,

            // Root has no sandbox, such as in a container.
            ChromiumSandbox = !OperatingSystem.IsLinux() || Environment.UserName != "root",
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Opens a report from its file.</summary>
    /// <param name="problems">Receives errors and warnings of the console, and requests for anything but the file.</param>
    internal async Task<IPage> Open(string name, string html, int width, ColorScheme scheme, List<string> problems)
    {
        string file = Path.Combine(_folder, $"{name}-{width}-{scheme}.html");
        await File.WriteAllTextAsync(file, html);
        IPage page = await _browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        string address = new Uri(file).AbsoluteUri;
        page.Console += (_, message) => problems.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => problems.Add(error);
        page.Request += (_, request) =>
        {
            if (request.Url != address)
            {
                problems.Add($"request for {request.Url}");
            }
        };
        await page.GotoAsync(address);
        return page;
    }
}
