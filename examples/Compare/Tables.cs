using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BpTrainer.Examples.Compare;

/// <summary>Writes a heading and a table for each set; the table is Markdown when the output is not a terminal.</summary>
internal sealed class Tables
{
    private const int WidthOfFiles = 200;

    private readonly IAnsiConsole _console;
    private readonly bool _terminal;

    /// <summary>Tables on a writer.</summary>
    public Tables(TextWriter output)
    {
        _console = Terminal.On(output);
        _terminal = _console.Profile.Out.IsTerminal;
        if (!_terminal)
            _console.Profile.Width = WidthOfFiles;
    }

    /// <summary>Describes the set and how it is split.</summary>
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
        if (options.Suite?.Single(set => set.Name == problem.Name).UsedForChoosing == false)
            _console.WriteLine("Not used for choosing defaults");
        foreach (string note in problem.Notes)
            _console.WriteLine($"Note: {note}");
        _console.WriteLine();

        int ValuesIn(int column) => problem.Categories.Select(row => row[column]).Where(value => value.Length > 0).Distinct().Count();
    }

    /// <summary>Writes the table: a row for each trainer, metrics as mean ± standard deviation over the splits, the best mean in
    /// bold.</summary>
    public void WriteTable(LearningTask task, IReadOnlyList<TrainerResult> results)
    {
        IReadOnlyList<Metric> metrics = Metric.For(task);
        Table table = NewTable([.. metrics.Select(metric => metric.Name), "Rank", "Fit, s", "Scored, rows/s"]);

        var formats = metrics.Select(
            (metric, m) => new MetricFormat(metric, results.Where(r => r.Reason is null).Select(r => r.Mean(m)))).ToArray();
        var ranking = new Ranking(task, metrics[0], results);
        foreach (TrainerResult result in results)
            table.AddRow(Cells(result, formats, ranking));
        Write(table);
    }

    /// <summary>Writes the results of the trainers over several sets: a row for each trainer.</summary>
    public void WriteStandings(Standings standings)
    {
        _console.WriteLine($"Summary by {standings.Criterion}, sets {standings.Group}: {standings.Sets}");
        _console.WriteLine();
        Table table = NewTable(
        [
            "Sets", "Rank", "Rank beside peers", .. Standings.Opponents.Select(opponent => $"Against {opponent}"), "Calibration", "Fit, s",
        ]);
        foreach (Standing trainer in standings.Trainers)
        {
            table.AddRow(
            [
                trainer.Trainer,
                $"{trainer.Sets}",
                Number(trainer.Rank, "F2"),
                trainer.RankBesidePeers is { } rank ? Number(rank, "F2") : "",
                .. trainer.Duels.Select(duel => duel.Won + duel.Lost == 0 ? "" : $"{duel.Won}–{duel.Lost} ({duel.LostFar})"),
                Number(trainer.CalibrationError, "F4"),
                Number(trainer.FitSeconds, "F3"),
            ]);
        }
        Write(table);
    }

    private Table NewTable(IEnumerable<string> columns)
    {
        var table = new Table { Border = _terminal ? TableBorder.Rounded : TableBorder.Markdown };
        table.AddColumn("Trainer");
        foreach (string column in columns)
            table.AddColumn(new TableColumn(column).RightAligned());
        return table;
    }

    private void Write(Table table)
    {
        // Spectre surrounds a Markdown table with lines of spaces, which are removed here.
        if (_terminal)
            _console.Write(table);
        else
            _console.WriteLine(string.Concat(table.GetSegments(_console).Select(segment => segment.Text)).Trim());
        _console.WriteLine();
    }

    private string[] Cells(TrainerResult result, MetricFormat[] formats, Ranking ranking)
    {
        if (result.Reason is { } reason)
            return [result.Trainer, reason.EscapeMarkup()];
        return
        [
            result.Trainer,
            .. formats.Select((format, m) => Cell(format, result.Mean(m), result.Spread(m))),
            Number(ranking.RankOf(result.Trainer, ranking.Trainers), "0.#"),
            Number(result.FitSeconds, "F3"),
            Number(result.RowsPerSecond, "N0"),
        ];
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private string Cell(MetricFormat format, double mean, double? spread)
    {
        string text = format.Text(mean) + (spread is { } s ? $" ± {format.Text(s)}" : "");
        if (!format.IsBest(mean))
            return text;
        return _terminal ? $"[bold]{text}[/]" : $"**{text}**";
    }
}
