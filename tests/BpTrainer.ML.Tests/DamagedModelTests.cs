using BpTrainer.ML.Tests.Programs;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>
/// A model file that is damaged or hostile is refused, or gives the same predictions; it takes neither long nor much memory.
/// </summary>
public class DamagedModelTests
{
    private const long MostMemory = 64 << 20;
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [MemberData(nameof(TaskCase.EveryModel), MemberType = typeof(TaskCase))]
    public void CutOffAnywhere(TaskCase task)
    {
        byte[] file = Save(task, out _, out _);
        foreach (int length in Sample(file.Length, 40))
        {
            AssertRefused(file[..length]);
        }
    }

    /// <summary>
    /// Flips that leave the model's own entry as it is are left out: ML.NET's entries have no checksum that it looks at, and its loader may
    /// read
    /// a false length in them for ever.
    /// </summary>
    [Theory]
    [MemberData(nameof(TaskCase.EveryModel), MemberType = typeof(TaskCase))]
    public void ABitFlippedAnywhere(TaskCase task)
    {
        byte[] file = Save(task, out IDataView data, out string expected);
        byte[] content = ModelZip.Read(file);
        int tried = 0;
        foreach (int place in Sample(file.Length, 150))
        {
            byte[] damaged = [.. file];
            damaged[place] ^= (byte)(1 << (place % 8));
            if (!HasEntry(damaged, content))
            {
                AssertSameOrRefused(damaged, data, expected, $"bit {place % 8} of byte {place}");
                tried++;
            }
        }

        Assert.InRange(tried, 20, 150);
    }

    /// <summary>A zip file has checksums of its own; here every part is damaged and zipped again, as an attacker would.</summary>
    [Theory]
    [MemberData(nameof(TaskCase.EveryModel), MemberType = typeof(TaskCase))]
    public void EveryByteOfOurOwnPartsCounts(TaskCase task)
    {
        byte[] file = Save(task, out IDataView data, out string expected);
        byte[] content = ModelZip.Read(file);
        foreach (int place in Sample(content.Length, 120))
        {
            byte[] damaged = [.. content];
            damaged[place] ^= (byte)(1 << (place % 8));
            AssertSameOrRefused(ModelZip.Replace(file, damaged), data, expected, $"bit {place % 8} of byte {place} of the model");
        }
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue / 2)]
    [InlineData(-1)]
    [InlineData(0)]
    public void AFalseLengthIsRefusedWithoutTheMemory(int length)
    {
        byte[] file = Save(TaskCase.Binary, out _, out _);
        byte[] content = ModelZip.Read(file);

        // Magic and version come first.
        int at = content.AsSpan().IndexOf("BPML"u8) + 8;
        BitConverter.TryWriteBytes(content.AsSpan(at), length);
        Exception error = AssertRefused(ModelZip.Replace(file, content));
        Assert.Contains("The saved model cannot be read", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongChecksumIsSaidToBeOne()
    {
        byte[] file = Save(TaskCase.Regression, out _, out _);
        byte[] content = ModelZip.Read(file);
        content[^40] ^= 1;
        Exception error = AssertRefused(ModelZip.Replace(file, content));
        Assert.Contains("checksum", error.ToString(), StringComparison.Ordinal);
    }

    private byte[] Save(TaskCase task, out IDataView data, out string predictions)
    {
        data = task.Load(_ml);
        ITransformer model = task.Ours(_ml).Fit(data);
        predictions = Describe(model, data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        return stream.ToArray();
    }

    private static void AssertSameOrRefused(byte[] file, IDataView data, string expected, string where)
    {
        string actual;
        try
        {
            actual = Describe(Load(file), data);
        }
        catch (Exception error) when (IsClear(error))
        {
            return;
        }

        Assert.True(expected == actual, $"{where}: the model loads and predicts otherwise");
    }

    private static Exception AssertRefused(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception error = Assert.ThrowsAny<Exception>(() => Load(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostMemory);
        Assert.True(IsClear(error), error.ToString());
        return error;
    }

    private static bool IsClear(Exception error) =>
        error.GetBaseException() is FormatException or InvalidDataException or InvalidOperationException or ArgumentException
            or IOException or OverflowException or NotSupportedException
        && error.Message.Length > 0;

    private static ITransformer Load(byte[] file) => new MLContext().Model.Load(new MemoryStream(file), out _);

    private static string Describe(ITransformer model, IDataView data)
    {
        IDataView scored = model.Transform(data);
        string scores = string.Join(' ', scored.Scores().SelectMany(row => row).Select(BitConverter.SingleToInt32Bits));
        return scored.Schema.GetColumnOrNull("PredictedLabel") is null
            ? scores
            : scores + string.Join(
                ' ', scored.Preview(int.MaxValue).ColumnView.Single(c => c.Column.Name == "PredictedLabel" && !c.Column.IsHidden).Values);
    }

    /// <summary>Places spread over a length, always the same.</summary>
    private static IEnumerable<int> Sample(int length, int count) =>
        Enumerable.Range(0, count).Select(i => (int)((long)i * length / count)).Distinct();

    /// <summary>Whether a file, damaged or not, still has the model's own entry as it was.</summary>
    private static bool HasEntry(byte[] file, byte[] content)
    {
        try
        {
            return ModelZip.Read(file).AsSpan().SequenceEqual(content);
        }
        catch (Exception error) when (
            error is InvalidDataException or InvalidOperationException or IOException or NotSupportedException or ArgumentException)
        {
            return false;
        }
    }
}
