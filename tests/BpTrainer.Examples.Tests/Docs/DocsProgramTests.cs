using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BpTrainer.Examples.Tests.Docs;

/// <summary>The programs of the documentation run, and print what their pages say.</summary>
public sealed partial class DocsProgramTests : IDisposable
{
    /// <summary>The page whose program serves until it is stopped.</summary>
    private const string ServingPage = "guides/serving.md";

    /// <summary>The page whose program trains what is served.</summary>
    private const string TrainingPage = "getting-started.md";

    // Other processors add in another order, which training carries on.
    private const double Tolerance = 0.15;

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Pages => [.. DocsPage.WithPrograms.Where(name => name != ServingPage)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Pages))]
    public void PrintsWhatItsPageSays(string name)
    {
        var page = DocsPage.Of(name);
        using var process = new PageProcess(page.Program, _folder);
        string[] expected = Lines(page.Output), printed = Lines(process.WaitForOutput());
        Assert.True(expected.Length > 0, $"A block of text must say what the program prints:\n{string.Join('\n', printed)}");
        Assert.Equal(expected.Select(WithoutNumbers), printed.Select(WithoutNumbers));
        foreach ((string line, string printedLine) in expected.Zip(printed))
        {
            foreach ((double number, double printedNumber) in Numbers(line).Zip(Numbers(printedLine)))
            {
                Assert.True(
                    Math.Abs(number - printedNumber) <= Tolerance * (Math.Abs(number) + 0.1),
                    $"{printedNumber}, not {number}:\n{string.Join('\n', printed)}");
            }
        }
    }

    [Fact]
    public async Task TheServerAnswers()
    {
        using (var training = new PageProcess(DocsPage.Of(TrainingPage).Program, _folder))
        {
            training.WaitForOutput();
        }

        string address = $"http://127.0.0.1:{FreePort()}";
        using var server = new PageProcess(DocsPage.Of(ServingPage).Program, _folder, "--urls", address);
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        JsonElement answer = await Ask(server, client);
        Assert.Equal("setosa", answer.GetProperty("predictedLabel").GetString());
        Assert.Equal(1, answer.GetProperty("score").EnumerateArray().Sum(share => share.GetDouble()), 1e-3);
    }

    private static async Task<JsonElement> Ask(PageProcess server, HttpClient client)
    {
        while (true)
        {
            try
            {
                HttpResponseMessage response = await client.PostAsJsonAsync("/predict", new { features = new[] { 5.1, 3.5, 1.4, 0.2 } });
                return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
            }
            catch (HttpRequestException e) when (e.StatusCode is null && server.IsRunning)
            {
                // It is not listening yet.
                await Task.Delay(100);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // Blanks align columns, whose width changes with the numbers.
    private static string WithoutNumbers(string line) =>
        string.Join(' ', Number().Replace(line, "#").Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<double> Numbers(string line) =>
        Number().Matches(line).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(?<![\w.])-?\d+(\.\d+)?(E[+-]\d+)?")]
    private static partial Regex Number();
}
