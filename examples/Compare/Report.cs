using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BpTrainer.Examples.Compare;

/// <summary>Writes a heading and a table for each set; the table is Markdown when the output is not a terminal.</summary>
internal sealed class Report
{
    private const int WidthOfFiles = 160;

    private readonly IAnsiConsole _console;
    private readonly bool _terminal;

    /// <summary>Makes a report on a writer.</summary>
    public Report(TextWriter output)
    {
        _console = Terminal.On(output);
        _terminal = _console.Profile.Out.IsTerminal;
        if (!_terminal)
            _console.Profile.Width = WidthOfFiles;
    }

    /// <summary>Says what the set is and how it is divided.</summary>
    public void WriteHeading(Problem problem, CompareOptions options)
    {
        _console.WriteLine($"{problem.Name}: {problem.Task.ToString().ToLowerInvariant()}, {problem.Rows} rows, {options.Splits} " +
            $"{(options.Splits == 1 ? "split" : "splits")}, {options.TestFraction:P0} of the rows to test on");
        if (problem.CategoryColumns.Count > 0)
        {
            var columns = problem.CategoryColumns.Select((name, c) => $"{name} ({ValuesIn(c)} values)");
            _console.WriteLine($"Text columns, one-hot: {string.Join(", ", columns)}");
        }
        if (problem.Task == LearningTask.Binary)
            _console.WriteLine($"Positive class: {problem.ClassNames[1]}");
        foreach (string note in problem.Notes)
            _console.WriteLine($"Note: {note}");
        _console.WriteLine();

        int ValuesIn(int column) => problem.Categories.Select(row => row[column]).Where(value => value.Length > 0).Distinct().Count();
    }

    /// <summary>Writes the table: a row a trainer, metrics as mean ± standard deviation over the splits, the best mean in bold.</summary>
    public void WriteTable(LearningTask task, IReadOnlyList<TrainerResult> results)
    {
        IReadOnlyList<Metric> metrics = Metric.For(task);
        var table = new Table { Border = _terminal ? TableBorder.Rounded : TableBorder.Markdown };
        table.AddColumn("Trainer");
        foreach (Metric metric in metrics)
            table.AddColumn(new TableColumn(metric.Name).RightAligned());
        table.AddColumn(new TableColumn("Fit, s").RightAligned());
        table.AddColumn(new TableColumn("Scored, rows/s").RightAligned());

        var formats = metrics.Select(
            (metric, m) => new MetricFormat(metric, results.Where(r => r.Reason is null).Select(r => r.Mean(m)))).ToArray();
        foreach (TrainerResult result in results)
            table.AddRow(Cells(result, formats));
        // Spectre draws a Markdown table with blank lines of spaces around it; a file is better without.
        if (_terminal)
            _console.Write(table);
        else
            _console.WriteLine(string.Concat(table.GetSegments(_console).Select(segment => segment.Text)).Trim());
        _console.WriteLine();
    }

    private string[] Cells(TrainerResult result, MetricFormat[] formats)
    {
        if (result.Reason is { } reason)
            return [result.Trainer, reason.EscapeMarkup()];
        return
        [
            result.Trainer,
            .. formats.Select((format, m) => Cell(format, result.Mean(m), result.Spread(m))),
            result.FitSeconds.ToString("F3", CultureInfo.InvariantCulture),
            result.RowsPerSecond.ToString("N0", CultureInfo.InvariantCulture),
        ];
    }

    private string Cell(MetricFormat format, double mean, double? spread)
    {
        string text = format.Text(mean) + (spread is { } s ? $" ± {format.Text(s)}" : "");
        if (!format.IsBest(mean))
            return text;
        return _terminal ? $"[bold]{text}[/]" : $"**{text}**";
    }
}
