using System.Globalization;
using System.Text;
using System.Text.Json;
using BpTrainer.Files;
using BpTrainer.Training;

namespace BpTrainer.Tests.Files;

/// <summary>A history as CSV, as JSON and in the binary format of checkpoints and models.</summary>
public class TrainingHistoryTests
{
    private static readonly TrainingHistory s_history = new(
    [
        new EpochRecord(1, 0.1 + 0.2, 1e-300, 0.01, 1.5) { GradientNorm = 1.0 / 3, ValidationChecks = 0 },
        new EpochRecord(2, double.PositiveInfinity, double.NaN, 0.0105, 12345678) { ValidationChecks = 0.1, IsAccepted = false },
        new EpochRecord(3, -0.25, null, 0.0105, 12345678.5) { GradientNorm = double.NegativeInfinity },
    ]);

    [Fact]
    public void TheCsvIsThisText() => Assert.Equal(
        """
        epoch,trainingLoss,validationLoss,learningRate,seconds,gradientNorm,validationChecks,isAccepted
        1,0.30000000000000004,1E-300,0.01,1.5,0.3333333333333333,0,true
        2,Infinity,NaN,0.0105,12345678,,0.1,false
        3,-0.25,,0.0105,12345678.5,-Infinity,,true

        """.ReplaceLineEndings("\n"),
        s_history.ToCsv());

    [Fact]
    public void TheJsonHasTheSameFigures()
    {
        using var json = JsonDocument.Parse(s_history.ToJson());
        JsonElement[] epochs = [.. json.RootElement.EnumerateArray()];
        Assert.Equal(
            s_history.ToCsv().Split('\n')[0].Split(','), epochs[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal([1, 2, 3], epochs.Select(epoch => epoch.GetProperty("epoch").GetInt32()));
        Assert.Equal(0.1 + 0.2, epochs[0].GetProperty("trainingLoss").GetDouble());
        Assert.Equal(1.0 / 3, epochs[0].GetProperty("gradientNorm").GetDouble());
        Assert.Equal("Infinity", epochs[1].GetProperty("trainingLoss").GetString());
        Assert.Equal("NaN", epochs[1].GetProperty("validationLoss").GetString());
        Assert.Equal([true, false, true], epochs.Select(epoch => epoch.GetProperty("isAccepted").GetBoolean()));
        Assert.Equal(0.1, epochs[1].GetProperty("validationChecks").GetDouble());
        Assert.Equal(JsonValueKind.Null, epochs[2].GetProperty("validationLoss").ValueKind);
        Assert.Equal("-Infinity", epochs[2].GetProperty("gradientNorm").GetString());
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public void FilesAndStreamsGetTheTextWhateverTheCulture(string format)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.{format}");
        using var stream = new MemoryStream();
        string expected = format == "csv" ? s_history.ToCsv() : s_history.ToJson();
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            File.WriteAllText(path, "an old file that is longer than nothing");
            if (format == "csv")
            {
                s_history.SaveCsv(path);
                s_history.SaveCsv(stream);
            }
            else
            {
                s_history.SaveJson(path);
                s_history.SaveJson(stream);
            }

            Assert.Equal(expected, File.ReadAllText(path));
            Assert.Equal(Encoding.UTF8.GetBytes(expected), File.ReadAllBytes(path));
            Assert.Equal(expected, Encoding.UTF8.GetString(stream.ToArray()));
            Assert.True(stream.CanWrite);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
            File.Delete(path);
        }
    }

    [Fact]
    public void WithoutEpochsItIsEmpty()
    {
        var empty = new TrainingHistory([]);
        Assert.Empty(empty);
        Assert.Equal("[]", empty.ToJson());
        Assert.Single(empty.ToCsv().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void ItIsACopyOfTheEpochsInOrder()
    {
        var epochs = new List<EpochRecord>(s_history);
        var history = new TrainingHistory(epochs);
        epochs.Clear();
        Assert.Equal(3, history.Count);
        Assert.Equal(s_history[1], history[1]);
        Assert.Throws<IndexOutOfRangeException>(() => history[3]);
        Assert.Throws<ArgumentNullException>("epochs", () => new TrainingHistory(null!));
    }

    [Fact]
    public void TheBinaryFormatIsAsDescribed()
    {
        var block = new ChecksummedBlock("TEST", "history");
        using var written = new MemoryStream();
        block.Write(written, writer => HistoryFile.Write(writer, s_history));
        using var byHand = new MemoryStream();
        block.Write(byHand, writer =>
        {
            writer.Write(3);
            Write(0.1 + 0.2, true, 1e-300, 0.01, 1.5, true, 1.0 / 3, true, 0.0, true);
            Write(double.PositiveInfinity, true, double.NaN, 0.0105, 12345678.0, false, true, 0.1, false);
            Write(-0.25, false, 0.0105, 12345678.5, true, double.NegativeInfinity, false, true);

            void Write(params object[] figures)
            {
                foreach (object figure in figures)
                {
                    if (figure is bool flag)
                    {
                        writer.Write(flag);
                    }
                    else
                    {
                        writer.Write((double)figure);
                    }
                }
            }
        });
        Assert.Equal(byHand.ToArray(), written.ToArray());
        byHand.Position = 0;
        Assert.Equal(s_history, block.Read(byHand, HistoryFile.Read));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void MoreChecksThanEpochsAreDamage(double checks)
    {
        var block = new ChecksummedBlock("TEST", "history");
        using var file = new MemoryStream();
        block.Write(file, writer => HistoryFile.Write(writer, [new EpochRecord(1, 1, 1, 0.1, 1) { ValidationChecks = checks }]));
        file.Position = 0;
        Assert.Throws<InvalidDataException>(() => block.Read(file, HistoryFile.Read));
    }
}
