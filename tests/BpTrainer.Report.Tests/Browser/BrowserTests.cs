using Microsoft.Playwright;

namespace BpTrainer.Report.Tests.Browser;

/// <summary>Reports in a real browser: they load nothing, fit into the window, show their marks, and tooltips say the values.</summary>
public sealed class BrowserTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    // Pairs of texts of one chart that lie over each other, and texts that leave their chart, as the browser lays them out.
    private const string ClashingTexts = """
        () => {
          const clashes = [];
          for (const chart of document.querySelectorAll('svg.chart')) {
            const frame = chart.getBoundingClientRect();
            if (frame.width === 0) continue;
            const texts = Array.from(chart.querySelectorAll('text')).filter(text => !text.matches('.on, .off, .empty'))
              .map(text => [text.textContent, text.getBoundingClientRect()]);
            for (const [i, [one, a]] of texts.entries()) {
              if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.bottom > frame.bottom + 1) {
                clashes.push(chart.ariaLabel.slice(0, 30) + ': ' + one + ' leaves the chart');
              }
              for (const [other, b] of texts.slice(i + 1)) {
                const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (width > 1 && height > 3) clashes.push(chart.ariaLabel.slice(0, 30) + ': ' + one + ' and ' + other);
              }
            }
          }
          return clashes;
        }
        """;

    public static TheoryData<string, int, ColorScheme> Views => ViewsOf(Samples.Names);

    public static TheoryData<string> Names => [.. Samples.Names];

    [BrowserTheory]
    [MemberData(nameof(Views))]
    public Task AReportFitsIntoItsWindowWithoutAComplaint(string name, int width, ColorScheme scheme) =>
        AssertFits(name, Samples.Html(name), width, scheme);

    [BrowserTheory]
    [MemberData(nameof(Names))]
    public async Task EveryChartHasMarksWithTooltips(string name)
    {
        IPage page = await browser.Open(name, Samples.Html(name), 1280, ColorScheme.Light, []);
        string[] without = await page.EvaluateAsync<string[]>("""
            () => Array.from(document.querySelectorAll('svg.chart'))
              .filter(chart => !chart.querySelector('.mark') || Array.from(chart.querySelectorAll('.mark')).some(mark => !mark.dataset.tip))
              .map(chart => chart.ariaLabel)
            """);
        Assert.Empty(without);
        await page.CloseAsync();
    }

    [BrowserTheory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task TheTooltipUnderThePointerSaysTheValuesOfTheEpoch(int width)
    {
        IPage page = await browser.Open("tip", HistoryHtml(), width, ColorScheme.Light, []);
        ILocator mark = page.Locator("svg.chart:visible").First.Locator("circle.mark.c2").Nth(2);
        await mark.ScrollIntoViewIfNeededAsync();

        // The browser reports a scroll with the next frame, and a scroll hides the tooltip: the pointer moves after that.
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        LocatorBoundingBoxResult box = (await mark.BoundingBoxAsync())!;

        // Beside the mark, to which it is still the nearest one.
        await page.Mouse.MoveAsync(box.X + box.Width + 2, box.Y + (box.Height / 2) + 2);
        ILocator tip = page.Locator("#tip");
        await tip.WaitForAsync(new() { State = WaitForSelectorState.Visible });
        Assert.Equal(
            "Epoch 3, the best\ntraining loss 0.3\nvalidation loss 0.4\nlearning rate 0.03\nafter 3\u202Fs", await tip.InnerTextAsync());
        LocatorBoundingBoxResult shown = (await tip.BoundingBoxAsync())!;
        Assert.InRange(shown.X, 0, width - shown.Width);

        await page.Mouse.MoveAsync(1, 1);
        await tip.WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await page.CloseAsync();
    }

    [BrowserTheory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task TheArrowKeysGoFromMarkToMark(int width)
    {
        IPage page = await browser.Open("keys", HistoryHtml(), width, ColorScheme.Dark, []);
        await page.Locator("svg.chart:visible").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.StartsWith("Epoch 2\n", await page.Locator("#tip").InnerTextAsync(), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Escape");
        Assert.False(await page.Locator("#tip").IsVisibleAsync());
        await page.CloseAsync();
    }

    [BrowserTheory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task TheSwitchShowsTheLogarithmicScale(int width)
    {
        IPage page = await browser.Open("switch", HistoryHtml(), width, ColorScheme.Light, []);
        ILocator logarithmic = page.GetByText("Mean loss per row, logarithmic").Locator("visible=true");
        Assert.Equal(0, await logarithmic.CountAsync());
        await page.GetByLabel("Logarithmic scale").CheckAsync();
        Assert.Equal(1, await logarithmic.CountAsync());
        Assert.Equal(0, await page.GetByText("Mean loss per row", new() { Exact = true }).Locator("visible=true").CountAsync());
        await page.CloseAsync();
    }

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task EveryColorOfTextStandsOutFromTheGround(ColorScheme scheme)
    {
        IPage page = await browser.Open("contrast", HistoryHtml(), 1280, scheme, []);

        // The contrast of WCAG 2.2: texts need 4.5, and the lines have it too.
        double least = await page.EvaluateAsync<double>("""
            () => {
              const style = getComputedStyle(document.documentElement);
              const luminance = name => {
                const hex = style.getPropertyValue(name).trim();
                const [r, g, b] = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16) / 255)
                  .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              const names = ['--ink', '--muted', '--c1', '--c2', '--c3', '--c4', '--c5', '--c6', '--c7', '--c8'];
              return Math.min(...names.map(name => contrast(luminance(name), luminance('--bg'))));
            }
            """);
        Assert.InRange(least, 4.5, 21);
        await page.CloseAsync();
    }

    [BrowserTheory]
    [MemberData(nameof(Unusual))]
    public Task UnusualReportsFitTheWindowToo(string name, int width, ColorScheme scheme) =>
        AssertFits(name, UnusualReports.Html(name), width, scheme);

    public static TheoryData<string, int, ColorScheme> Unusual => ViewsOf(UnusualReports.Names);

    /// <summary>The page is as wide as its window, no text covers another, and the browser has nothing to complain of.</summary>
    private async Task AssertFits(string name, string html, int width, ColorScheme scheme)
    {
        List<string> problems = [];
        IPage page = await browser.Open(name, html, width, scheme, problems);
        await page.ScreenshotAsync(new()
        {
            Path = Path.Combine(BrowserFixture.Screenshots, $"{name}-{width}-{scheme}.png".ToLowerInvariant()),
            FullPage = true,
        });
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(await page.EvaluateAsync<string[]>(ClashingTexts));
        Assert.Empty(problems);
        await page.CloseAsync();
    }

    private static TheoryData<string, int, ColorScheme> ViewsOf(IEnumerable<string> names)
    {
        var views = new TheoryData<string, int, ColorScheme>();
        foreach ((string name, int width, ColorScheme scheme) in
            from name in names
            from width in new[] { 390, 1280 }
            from scheme in new[] { ColorScheme.Light, ColorScheme.Dark }
            select (name, width, scheme))
        {
            views.Add(name, width, scheme);
        }

        return views;
    }

    private static string HistoryHtml()
    {
        double[] training = [0.9, 0.6, 0.3, 0.2, 0.1], validation = [0.8, 0.5, 0.4, 0.45, 0.5];
        var history = new TrainingHistory(training.Select((loss, i) => new EpochRecord(i + 1, loss, validation[i], 0.03, i + 1)));
        Network<float> network = new NetworkBuilder(inputs: 2).Add(3, Activation.Tanh).Add(1, Activation.Logistic).Build<float>(seed: 1);
        var report = new TrainingReport("history");
        report.Add("history", network, new TrainingResult(StopReason.EarlyStopping, history, BestEpoch: 3, Threads: 1));
        return report.ToHtml();
    }
}
