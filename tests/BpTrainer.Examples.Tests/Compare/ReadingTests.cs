using System.Text;
using System.Text.Json;
using BpTrainer.Examples.Compare;

namespace BpTrainer.Examples.Tests.Compare;

/// <summary>
/// Files as users have them: each is read as the plain file with the same content is, or refused with the option that helps.
/// </summary>
public sealed class ReadingTests : IDisposable
{
    private static readonly string[] s_cities = ["Zürich", "Besançon", "Oslo"];

    // The plain file: a number with decimals, a category with letters beyond ASCII, a number to predict.
    private static readonly string s_plain = Table("size,city,y", r => $"{r % 13}.5,{s_cities[r % 3]},{(2 * (r % 13)) + (r % 3)}.25");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("n.a.")]
    [InlineData("inf")]
    [InlineData("Infinity")]
    [InlineData("not known")]
    [InlineData("-")]
    [InlineData("-999x")]
    [InlineData("1e99")]
    public void ACellThatIsNoNumberInAColumnOfNumbers(string cell)
    {
        string text = Table("size,y", r => $"{(r == 10 ? cell : $"{r % 13}")},{r % 13}");

        Run(text).AssertUserError($"line 12: '{cell}' in column 'size' is not a finite number, but most of the column is numbers. " +
            $"If it means 'not known', add --missing \"{cell}\".");

        Assert.Equal(Metrics(text.Replace(cell, "")), Metrics(text, "--missing", cell));
        Assert.Contains("Text columns, one-hot: size (14 values)", Run(text, "--text", "size").Output);
        Assert.Equal(2, Run(text, "--ignore", "size").ExitCode);
    }

    [Fact]
    public void ANumberCanMeanNotKnown()
    {
        string text = Table("size,y", r => $"{(r % 5 == 0 ? "-999" : $"{r % 13}")},{r % 13}");
        Assert.Equal(Metrics(text.Replace("-999", "")), Metrics(text, "--missing", "-999"));
    }

    [Theory]
    [InlineData("size")]
    [InlineData("y")]
    public void DecimalCommas(string column)
    {
        string text = s_plain.Replace(',', ';').Replace('.', ',');
        string cure = "If the comma is the decimal sign, add --decimal \",\"";
        Run(column == "y" ? text.Replace(",5", "") : text).AssertUserError(cure);
        Run(column == "y" ? text.Replace(",5", "") : text).AssertUserError($"column '{column}'");
        Assert.Equal(Metrics(s_plain), Metrics(text, "--decimal", ","));
    }

    [Fact]
    public void ADecimalCommaAmongWholeNumbers()
    {
        string text = Table("size;y", r => $"{(r == 30 ? "3,5" : $"{r % 13}")};{r % 13}");
        Run(text).AssertUserError("line 32: '3,5' in column 'size'");
        Assert.Equal(Metrics(text.Replace(',', '.')), Metrics(text, "--decimal", ","));
        Run(text.Replace(',', '.'), "--decimal", ",").AssertUserError("If the point is the decimal sign, add --decimal \".\"");
    }

    [Theory]
    [InlineData("1,234.5")]
    [InlineData("1 234")]
    [InlineData("12'345'678.9")]
    public void ThousandsSeparators(string cell)
    {
        string text = Table("size;y", r => $"{(r == 3 ? cell : $"{r % 13}")};{r % 13}");
        Run(text).AssertUserError($"line 5: '{cell}' in column 'size' is not a finite number, but most of the column is numbers. " +
            "Remove the thousands separators.");
    }

    [Fact]
    public void DecimalSignThatIsNone() =>
        Run(s_plain, "--decimal", "comma").AssertUserError("--decimal is 'comma'; it must be \".\" or \",\".");

    public static TheoryData<string> MarkedEncodings => ["utf-8", "utf-16", "utf-16BE", "utf-32"];

    [Theory]
    [MemberData(nameof(MarkedEncodings))]
    public void AByteOrderMarkNamesTheEncoding(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(s_plain)];
        Assert.NotEmpty(encoding.GetPreamble());
        Assert.Equal(Metrics(s_plain), Metrics(bytes));
        Assert.DoesNotContain("Note:", Run(bytes).Output);
    }

    [Fact]
    public void Latin1IsReadAndSaidSo()
    {
        byte[] bytes = Encoding.Latin1.GetBytes(s_plain.Replace("city", "Größe"));
        string output = Run(bytes).Output;
        Assert.Contains("Text columns, one-hot: Größe (3 values)", output);
        Assert.Contains("Note: The file is not UTF-8, so it is read as windows-1252; use --encoding NAME for another encoding.", output);
        Assert.DoesNotContain("Note:", Run(bytes, "--encoding", "latin1").Output);
    }

    [Fact]
    public void ANamedEncodingIsUsed()
    {
        byte[] bytes = Encoding.BigEndianUnicode.GetBytes(s_plain);
        Assert.Equal(Metrics(s_plain), Metrics(bytes, "--encoding", "utf-16BE"));
        Run(bytes, "--encoding", "klingon").AssertUserError("--encoding: there is no encoding 'klingon'.");
    }

    [Fact]
    public void Utf16WithoutAMarkAndOtherBytesAreRefused()
    {
        const string Message = "data.csv is not plain text, or UTF-16 without a byte-order mark. Save it as CSV, or add --encoding utf-16.";
        byte[] utf16 = Encoding.Unicode.GetBytes(s_plain);
        Run(utf16).AssertUserError(Message);
        Assert.Equal(Metrics(s_plain), Metrics(utf16, "--encoding", "utf-16"));
        Run([(byte)'P', (byte)'K', 3, 4, 20, 0, 0x88, 0xff, (byte)'"', 0, (byte)'\n', 1]).AssertUserError(Message);
    }

    [Fact]
    public void SeparatorsEmptyLinesAndIndicesChangeNothing()
    {
        string expected = Metrics(s_plain);
        string[] lines = s_plain.TrimEnd().Split('\n');
        Assert.All(
            [
                s_plain.Replace(',', ';'),
                s_plain.Replace(',', '\t'),
                s_plain.Replace(',', '|'),
                "sep=;\n" + s_plain.Replace(',', ';'),
                s_plain.Replace("\n", "\r\n"),
                s_plain.Replace("\n", ",\n"),
                lines[0] + "\n" + string.Join(",,\n", lines[1..]),
                s_plain + ",,\n,,\n",
                string.Join('\n', lines.Select((line, l) => l == 0 ? "," + line : $"{l - 1},{line}")),
                string.Join('\n', lines.Select((line, l) => l == 0 ? "Unnamed: 0," + line : $"{l - 1},{line}")),
                string.Join('\n', lines.Select((line, l) => l == 0 ? "\"\"," + line : $"\"row {l}\",{line}")),
            ],
            text => Assert.Equal(expected, Metrics(text)));
    }

    [Fact]
    public void AnIndexIsLeftOutWithAWord() =>
        Assert.Contains(
            "Note: Column 1 '' is left out, because it is the index that pandas writes. To use it, give it a name in the header.",
            Run(Table(",x,y", r => $"{r},{r % 7},{r % 5}")).Output);

    [Theory]
    [InlineData("5.1,3.5,1.4,0.2,1", "4.9,3.0,1.4,0.2,0", "1")]
    [InlineData("3,Oslo,1", "4,Rome,0", "1")]
    [InlineData("1,1,red", "0,1,blue", "red")]
    public void AFirstRowIsNotAHeader(string first, string second, string label) =>
        OnText($"{first}\n{second}\n{first}\n{second}\n", label, "binary").AssertUserError(
            "is a row of data, not a header. Add a line with the names of the columns above it.");

    [Fact]
    public void NamesMayBeNumbersThatRise() => Assert.Equal(0, Run(Table("2019,2020,y", r => $"{r % 7},{r % 3},{r % 5}")).ExitCode);

    [Fact]
    public void ASeparatorThatIsNone() =>
        Run("a y\n1 2\n3 4\n").AssertUserError("Its columns: a y. Cells must be separated by commas, semicolons, tabs or vertical bars.");

    [Theory]
    [InlineData("customer_id", "an id")]
    [InlineData("PassengerId", "an id")]
    [InlineData("number", "a row number or a time, because it increases from row to row")]
    [InlineData("day", "dates or times")]
    [InlineData("seconds", "dates or times")]
    public void NumbersThatAreNoFeatureAreNamed(string column, string kind)
    {
        string text = Table($"x,{column},y", r => $"{r % 7}," + column switch
        {
            "number" => $"{100 + (3 * r)}",
            "day" => $"202601{1 + (r % 28):D2}",
            "seconds" => $"{1_764_000_000 - (3600 * (r % 50))}",
            _ => $"{(r * 37 % 101) + 5}",
        } + $",{r % 5}");

        Assert.Contains($"Note: Column '{column}' looks like {kind}; add --ignore \"{column}\" if it is.", Run(text).Output);
        string output = Run(text, "--ignore", column).Output;
        Assert.DoesNotContain("Note:", output);
    }

    [Theory]
    [InlineData("when", "it holds dates or times. Add --text \"when\" to use each value as a category.")]
    [InlineData("name", "it has 60 values in 60 rows, like an id. Add --text \"name\" to use each value as a category.")]
    public void TextThatIsNoFeatureIsLeftOutWithAWord(string column, string note)
    {
        string text = Table(
            $"x,{column},y", r => $"{r % 7},{(column == "when" ? $"{1 + (r % 28)}.11.2026" : $"n{r * 37 % 101:x8}")},{r % 5}");
        Assert.Contains($"Note: Column '{column}' is left out: {note}", Run(text).Output);
        Assert.Contains($"Text columns, one-hot: {column} (", Run(text, "--text", column).Output);
        Assert.DoesNotContain("Note:", Run(text, "--ignore", column).Output);
    }

    [Theory]
    [InlineData("2026-11-25")]
    [InlineData("2026-11-25T10:30:00Z")]
    [InlineData("11/25/2026 10:30")]
    [InlineData("25.11.26")]
    [InlineData("25-Nov-2026")]
    [InlineData("25 November 2026")]
    [InlineData("November 25, 2026")]
    [InlineData("10:30")]
    [InlineData("10:30:15.5")]
    [InlineData("9:05 pm")]
    public void DatesAndTimesAreKnown(string cell)
    {
        string text = Table("x;when;y", r => $"{r % 7};{cell};{r % 5}");
        Assert.Contains("Column 'when' is left out: it holds dates or times.", Run(text).Output);
    }

    [Theory]
    [InlineData("1-2")]
    [InlineData("A1")]
    [InlineData("1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("May")]
    [InlineData("3:1")]
    public void OtherTextIsACategory(string cell) =>
        Assert.Contains(
            "Text columns, one-hot: kind (2 values)",
            Run(Table("x;kind;y", r => $"{r % 7};{(r % 2 == 0 ? cell : "other")};{r % 5}")).Output);

    [Theory]
    [InlineData("--text")]
    [InlineData("--ignore")]
    public void AnOptionNamesAColumnThatIsNone(string option) =>
        Run(s_plain, option, "town").AssertUserError("has no column 'town'. Its columns: size, city, y.");

    [Fact]
    public void NoFeatureIsLeft() =>
        Run(Table("when,y", r => $"{1 + (r % 28)}.11.2026,{r % 5}")).AssertUserError(
            "has no column besides the label 'y' to predict from. Column 'when' is left out");

    [Theory]
    [InlineData("+", "-", "+")]
    [InlineData("yes", "no", "yes")]
    [InlineData("YES", "no", "YES")]
    [InlineData("True", "false", "True")]
    [InlineData("N", "y", "y")]
    [InlineData("si", "no", "si")]
    [InlineData("neg", "healthy", "healthy")]
    [InlineData("1", "0", "1")]
    [InlineData("-1", "1", "1")]
    [InlineData("2", "1", "2")]
    [InlineData("malignant", "benign", "malignant")]
    public void ThePositiveClass(string one, string other, string expected)
    {
        string text = Table("x,y", r => $"{r % 7},{(r % 7 < 4 ? one : other)}");
        Assert.Contains($"Positive class: {expected}\n", OnText(text, "y", "binary").Output.ReplaceLineEndings("\n"));
        Assert.All([one, other], wish => Assert.Contains(
            $"Positive class: {wish}\n", OnText(text, "y", "binary", "--positive", wish).Output.ReplaceLineEndings("\n")));
    }

    [Fact]
    public void ThePositiveClassIsTheOneThatF1IsAbout()
    {
        // x tells nothing, so that all rows are taken for the larger class.
        string text = Table("x,y", r => $"{r % 3},{(r % 10 == 0 ? "rare" : "often")}");
        Assert.Equal(0, F1("rare"));
        Assert.True(F1("often") > 0.9);

        double F1(string positive)
        {
            string json = _folder.PathOf("f1.json");
            OnText(text, "y", "binary", "--positive", positive, "--json", json);
            return JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("metrics").GetProperty("F1").GetProperty("mean")
                .GetDouble();
        }
    }

    [Fact]
    public void APositiveClassThatIsNone()
    {
        string text = Table("x,y", r => $"{r % 7},{(r % 7 < 4 ? "a" : "b")}");
        OnText(text, "y", "binary", "--positive", "c").AssertUserError("has no class 'c' for --positive; its classes are 'a' and 'b'.");
        OnText(text, "y", "multiclass", "--positive", "a").AssertUserError("--positive belongs to --task binary.");
    }

    [Fact]
    public void LabelsThatSuitAnotherTask()
    {
        OnText(
            Table("x,y", r => $"{r % 7},{(r % 2 == 0 ? "a" : "b")}"),
            "y",
            "regression").AssertUserError("For names of classes, use --task binary or --task multiclass.");
        OnText(Table("x,y", r => $"{r % 7},{r}.5"), "y", "multiclass").AssertUserError("To predict a number, use --task regression.");
    }

    private static string Table(string header, Func<int, string> row) =>
        header + "\n" + string.Concat(Enumerable.Range(0, 60).Select(r => row(r) + "\n"));

    private ProgramRun Run(string text, params string[] options) => OnText(text, "y", "regression", options);

    private ProgramRun Run(byte[] bytes, params string[] options)
    {
        string file = _folder.PathOf("data.csv");
        File.WriteAllBytes(file, bytes);
        return OnFile(file, "y", "regression", options);
    }

    private ProgramRun OnText(string text, string label, string task, params string[] options) =>
        OnFile(_folder.Write("data.csv", text), label, task, options);

    private static ProgramRun OnFile(string file, string label, string task, string[] options) =>
        ProgramRun.Of(
            CommandLine.Run,
            ["--data", file, "--label", label, "--task", task, "--splits", "1", "--trainers", "BackPropagation", .. options]);

    private string Metrics(string text, params string[] options) => Metrics(Encoding.UTF8.GetBytes(text), options);

    private string Metrics(byte[] bytes, params string[] options)
    {
        string json = _folder.PathOf("out.json");
        ProgramRun run = Run(bytes, [.. options, "--json", json]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("metrics").GetRawText();
    }
}
