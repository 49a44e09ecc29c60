using BpTrainer.Examples.Compare;

namespace BpTrainer.Examples.Tests.Compare;

/// <summary>Each mistake a user can make gives one clear line and exit code 2.</summary>
public sealed class UserErrorTests : IDisposable
{
    private const string Small = "x,kind,y\n1,a,1.5\n2,b,2.5\n3,a,3.5\n4,b,4.5\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MissingFile()
    {
        string file = _folder.PathOf("absent.csv");
        OnFile(file, "y", "regression").AssertUserError($"There is no file '{file}'.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public void EmptyFile(string text) => OnText(text, "y", "regression").AssertUserError("data.csv is empty.");

    [Fact]
    public void HeaderOnly() => OnText("x,y\n", "y", "regression").AssertUserError("has a header but no rows.");

    [Fact]
    public void UnknownColumn() =>
        OnText(Small, "z", "regression").AssertUserError("has no column 'z'. Its columns: x, kind, y.");

    [Theory]
    [InlineData("x,y\n1,2\n3\n5,6\n", "line 3: 1 fields where the header has 2.")]
    [InlineData("x,y\n1,2\n\n3,4,5\n", "line 4: 3 fields where the header has 2.")]
    [InlineData("x,y\n\"one\ntwo\",2\n3\n", "line 4: 1 fields where the header has 2.")]
    public void RowThatDoesNotFitTheHeader(string text, string message) =>
        OnText(text, "y", "regression").AssertUserError(message);

    [Fact]
    public void QuotationMarkThatIsNeverClosed() =>
        OnText("x,y\n1,2\n\"3,4\n", "y", "regression").AssertUserError("line 3: a quotation mark is misplaced.");

    [Theory]
    [InlineData("x,x,y\n1,2,3\n", "two columns are called 'x'")]
    [InlineData("x,,y\n1,2,3\n", "column 2 has no name")]
    [InlineData("y\n1\n2\n", "has no column besides the label 'y'")]
    public void BadHeader(string text, string message) => OnText(text, "y", "regression").AssertUserError(message);

    [Theory]
    [InlineData("many", "line 3: 'many' in the label column 'y' is not a finite number")]
    [InlineData("1e99", "line 3: '1e99' in the label column 'y' is not a finite number")]
    [InlineData("NA", "line 3: the label column 'y' has no value.")]
    public void BadRegressionLabel(string label, string message) =>
        OnText($"x,y\n1,2\n3,{label}\n5,6\n", "y", "regression").AssertUserError(message);

    [Fact]
    public void FeatureTooLargeForAFloat() =>
        OnText("x,y\n1,2\n1e99,3\n", "y", "regression").AssertUserError("line 3: '1e99' in column 'x' is not a finite number, but most");

    [Theory]
    [InlineData("binary")]
    [InlineData("multiclass")]
    public void OneClassOnly(string task) =>
        OnText("x,y\n1,a\n2,a\n3,a\n", "y", task).AssertUserError("has only one class, 'a'; a classification needs at least two.");

    [Fact]
    public void ThreeClassesForABinaryTask() =>
        OnText("x,y\n1,a\n2,b\n3,c\n", "y", "binary").AssertUserError(
            "has 3 classes; a binary classification needs two. Try --task multiclass.");

    [Fact]
    public void ClassOfASingleRow() =>
        OnText("x,y\n1,a\n2,a\n3,b\n4,b\n5,c\n", "y", "multiclass").AssertUserError("has a single row of class 'c'");

    [Fact]
    public void MissingClass() =>
        OnText("x,y\n1,a\n2,\n3,b\n", "y", "binary").AssertUserError("line 3: the label column 'y' has no value.");

    [Fact]
    public void TooFewRows() =>
        OnText("x,y\n1,2\n3,4\n5,6\n", "y", "regression").AssertUserError("leave 2 for training and 1 for testing; two each are needed.");

    [Fact]
    public void UnknownTrainer() =>
        ProgramRun.Of(CommandLine.Run, "--trainers", "sdca,forest").AssertUserError(
            "There is no trainer 'forest'. There are: BackPropagation, BackPropagation-fast, BackPropagation-classic, Sdca,");

    [Fact]
    public void NoTrainer() => ProgramRun.Of(CommandLine.Run, "--trainers", ",").AssertUserError("--trainers names none.");

    [Fact]
    public void UnknownTask() =>
        OnText(Small, "y", "ranking").AssertUserError("There is no task 'ranking'; it must be regression, binary or multiclass.");

    [Fact]
    public void OptionsThatNeedEachOther()
    {
        ProgramRun.Of(CommandLine.Run, "--data", "a.csv", "--task", "binary").AssertUserError("--data also needs --label COLUMN.");
        ProgramRun.Of(CommandLine.Run, "--data", "a.csv", "--label", "y").AssertUserError(
            "--data also needs --task regression|binary|multiclass.");
        ProgramRun.Of(CommandLine.Run, "--label", "y").AssertUserError("--label belongs to --data FILE, which is missing.");
    }

    [Theory]
    [InlineData("--splits", "0", "--splits is 0; it must be at least 1.")]
    [InlineData("--splits", "ten", "'ten' for option '--splits'")]
    [InlineData("--test-fraction", "0", "--test-fraction is 0; it must lie between 0 and 1.")]
    [InlineData("--test-fraction", "1", "--test-fraction is 1; it must lie between 0 and 1.")]
    [InlineData("--test-fraction", "NaN", "--test-fraction is NaN; it must lie between 0 and 1.")]
    [InlineData("--colour", "red", "--colour")]
    public void BadOption(string option, string value, string message) =>
        ProgramRun.Of(CommandLine.Run, option, value).AssertUserError(message);

    [Fact]
    public void OptionsOfTheSuite()
    {
        ProgramRun.Of(CommandLine.Run, "--tables", "iris").AssertUserError("--tables belongs to --suite, which is missing.");
        ProgramRun.Of(CommandLine.Run, "--suite", "--data", "a.csv", "--label", "y", "--task", "binary").AssertUserError(
            "--suite has its own tables; it cannot be combined with --data.");
        ProgramRun.Of(CommandLine.Run, "--suite", "--tables", "iris,tulips").AssertUserError(
            "There is no table 'tulips'. There are: diabetes, sacramento,");
    }

    [Fact]
    public void JsonFileThatCannotBeWritten()
    {
        string json = _folder.PathOf(Path.Combine("absent", "out.json"));
        ProgramRun.Of(CommandLine.Run, "--json", json).AssertUserError($"--json: '{json}' cannot be written");
    }

    private ProgramRun OnText(string text, string label, string task) => OnFile(_folder.Write("data.csv", text), label, task);

    private static ProgramRun OnFile(string file, string label, string task) =>
        ProgramRun.Of(CommandLine.Run, "--data", file, "--label", label, "--task", task);
}
