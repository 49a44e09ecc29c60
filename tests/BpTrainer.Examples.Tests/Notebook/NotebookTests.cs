using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BpTrainer.ML;
using BpTrainer.Report;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Tests.Notebook;

/// <summary>The cells of the notebook are compiled and run, one after the other, as a notebook does.</summary>
public sealed partial class NotebookTests : IDisposable
{
    private static readonly string s_diabetes =
        JsonSerializer.Serialize(Path.Combine(AppContext.BaseDirectory, "data", "diabetes.csv"));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EveryCellRunsAndShowsWhatItSays()
    {
        string[] cells = [.. Cells().Select(Local)];
        Assert.Contains(cells, cell => cell.Contains(s_diabetes, StringComparison.Ordinal));

        ScriptOptions options = ScriptOptions.Default.AddReferences(References()).AddImports("System");
        ScriptState<object>? state = null;
        List<string> shown = [];
        foreach (string cell in cells)
        {
            state = state is null
                ? await CSharpScript.RunAsync(cell, options, new NotebookFunctions())
                : await state.ContinueWithAsync(cell);
            if (state.ReturnValue is string markup)
                shown.Add(markup);
        }

        XElement[] markups = [.. shown.Select(XElement.Parse)];
        Assert.Equal(["table", "svg", "svg", "svg", "svg"], markups.Select(markup => markup.Name.LocalName));
        string[][] rows =
            [.. markups[0].Elements("tr").Skip(1).Select(row => row.Elements("td").Select(cell => cell.Value).ToArray())];
        Assert.Equal(["momentum", "momentum, adaptive rate"], rows.Select(row => row[0]));

        // The mean of the labels is off by about 77.
        Assert.All(rows, row => Assert.InRange(double.Parse(row[^1], CultureInfo.InvariantCulture), 40, 65));
        string report = XDocument.Load(_folder.PathOf("diabetes.html")).Root!.Value;
        Assert.Contains("momentum, adaptive rate", report);
    }

    [Fact]
    public void TheNotebookNamesTheVersionOfMLNetThatTheProjectHas()
    {
        string version = typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Match named = NuGet().Match(string.Join('\n', Cells()));
        Assert.StartsWith(named.Groups[1].Value, version, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Cells()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "notebook", "training.ipynb");
        using var notebook = JsonDocument.Parse(File.ReadAllText(file));
        return
        [
            .. notebook.RootElement.GetProperty("cells").EnumerateArray()
                .Where(cell => cell.GetProperty("cell_type").GetString() == "code")
                .Select(cell => string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString()))),
        ];
    }

    /// <summary>A cell with the assemblies and folders of this test.</summary>
    private string Local(string cell) => Reference().Replace(cell, "")
        .Replace("\"../data/diabetes.csv\"", s_diabetes, StringComparison.Ordinal)
        .Replace("Path.GetTempPath()", JsonSerializer.Serialize(_folder.Path), StringComparison.Ordinal);

    private static IEnumerable<Assembly> References() =>
    [
        typeof(Optimizer).Assembly, typeof(Preset).Assembly, typeof(TrainingReport).Assembly,
        typeof(MLContext).Assembly, typeof(IDataView).Assembly, typeof(RegressionMetrics).Assembly,
        typeof(Microsoft.ML.Runtime.IHost).Assembly,
    ];

    [GeneratedRegex("^#r .*$", RegexOptions.Multiline)]
    private static partial Regex Reference();

    [GeneratedRegex("nuget: Microsoft.ML, ([0-9.]+)")]
    private static partial Regex NuGet();
}

/// <summary>What a notebook offers to its cells.</summary>
public sealed class NotebookFunctions
{
    /// <summary>Shows markup: here, it is the value of the cell.</summary>
    public string HTML(string markup) => markup;
}
