using Microsoft.Playwright;

namespace BpTrainer.Report.Tests.Browser;

/// <summary>Reports in a real browser.</summary>
public sealed class BrowserTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    public static TheoryData<string, int, ColorScheme> Views =>
        new MatrixTheoryData(Samples.Names, [390, 1280], [ColorScheme.Light, ColorScheme.Dark]);

    [BrowserTheory]
    [MemberData(nameof(Views))]
    public async Task AReportFitsIntoItsWindowWithoutAComplaint(string name, int width, ColorScheme scheme)
    {
        List<string> problems = [];
        IPage page = await browser.Open(name, Samples.Html(name), width, scheme, problems);
        await page.ScreenshotAsync(new()
        {
            Path = Path.Combine(BrowserFixture.Screenshots, $"{name}-{width}-{scheme}.png".ToLowerInvariant()),
            FullPage = true,
        });
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(problems);
        await page.CloseAsync();
    }

    private sealed class MatrixTheoryData : TheoryData<string, int, ColorScheme>
    {
        public MatrixTheoryData(IEnumerable<string> names, int[] widths, ColorScheme[] schemes)
        {
            foreach ((string name, int width, ColorScheme scheme) in
                from name in names from width in widths from scheme in schemes select (name, width, scheme))
            {
                Add(name, width, scheme);
            }
        }
    }
}
