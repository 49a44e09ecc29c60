using System.CommandLine;
using System.Globalization;

namespace BpTrainer.Examples.Cluster;

/// <summary>Writes files of drawn rows, to try the other commands with.</summary>
internal static class RowsCommand
{
    private static readonly Option<int> s_rows =
        new("--rows") { Description = "The number of rows.", DefaultValueFactory = _ => 200_000 };
    private static readonly Option<int> s_inputs =
        new("--inputs") { Description = "The numbers of a row before the label.", DefaultValueFactory = _ => 30 };
    private static readonly Option<int> s_files =
        new("--files") { Description = "The number of files.", DefaultValueFactory = _ => 4 };
    private static readonly Option<string> s_to =
        new("--to") { Description = "The folder to write to, which is made if need be.", HelpName = "DIRECTORY", Required = true };

    public static Command Create()
    {
        var command = new Command("rows", "Writes files of drawn rows to train on.") { s_rows, s_inputs, s_files, s_to };
        command.SetAction(parsed =>
        {
            int rows = AtLeastOne(parsed, s_rows), inputs = AtLeastOne(parsed, s_inputs), files = AtLeastOne(parsed, s_files);
            string folder = Directory.CreateDirectory(parsed.GetValue(s_to)!).FullName;
            for (int file = 0; file < files; file++)
            {
                int count = (int)(((long)rows * (file + 1) / files) - ((long)rows * file / files));
                Write(Path.Combine(folder, FormattableString.Invariant($"part-{file}.csv")), count, inputs, seed: file);
            }
        });
        return command;
    }

    /// <summary>The label is a smooth function of the first inputs, with some noise.</summary>
    private static void Write(string path, int rows, int inputs, int seed)
    {
        var random = new Random(seed);
        using var writer = new StreamWriter(path);
        var row = new float[inputs];
        for (int i = 0; i < rows; i++)
        {
            for (int c = 0; c < inputs; c++)
            {
                row[c] = (2 * random.NextSingle()) - 1;
                writer.Write(row[c].ToString("F4", CultureInfo.InvariantCulture));
                writer.Write(',');
            }

            double label = Math.Sin(3 * row[0]) + (row[^1] * row[inputs / 2]) + (0.1 * random.NextDouble());
            writer.WriteLine(label.ToString("F4", CultureInfo.InvariantCulture));
        }
    }

    private static int AtLeastOne(ParseResult parsed, Option<int> option) =>
        parsed.GetValue(option) is >= 1 and var value ? value : throw new UserError(
            $"{option.Name} is {parsed.GetValue(option)}, but must be at least 1.");
}
