using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;

namespace BpTrainer.Tests.Files;

/// <summary>
/// The event file of a history, read back with the library of Protocol Buffers by the published schema: message Event has wall_time = 1
/// (double), step = 2 (int64), file_version = 3 (string) and summary = 5 (Summary); Summary has repeated value = 1 (Value); Value has
/// tag = 1 (string) and simple_value = 2 (float). Records and checksums are read by slow code of the test's own.
/// </summary>
public sealed class TensorBoardTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 2, 3, 4, 5, 6, 500, TimeSpan.FromHours(2));

    private static readonly TrainingHistory s_history = new(
    [
        new EpochRecord(1, 0.75, 0.5, 0.01, 1.5) { GradientNorm = 2 },
        new EpochRecord(2, double.PositiveInfinity, double.NaN, 0.0105, 2.25) { IsAccepted = false },
        new EpochRecord(300, 0.1, null, 1e-60, 1e6),
    ]);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "run");

    private string EventFile => Path.Combine(_folder, "events.out.tfevents.bptrainer");

    public void Dispose()
    {
        if (Directory.Exists(Path.GetDirectoryName(_folder)))
        {
            Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
        }
    }

    [Fact]
    public void EveryEpochHasItsScalars()
    {
        s_history.SaveTensorBoard(_folder, s_start);
        Assert.Equal([EventFile], Directory.GetFiles(_folder));
        Event[] events = Read();

        // 02:05:06.5 in UTC on 3 February 2026, which is 20,487 days after 1970: 20,487 · 86,400 + 7,506.5.
        const double Start = 1770084306.5;
        Assert.Equal([Start, Start + 1.5, Start + 2.25, Start + 1e6], events.Select(one => one.WallTime));
        Assert.Equal([0L, 1, 2, 300], events.Select(one => one.Step));
        Assert.Equal(["brain.Event:2", null, null, null], events.Select(one => one.FileVersion));
        Assert.Empty(events[0].Scalars);
        Assert.Equal(
            [("loss/training", 0.75f), ("loss/validation", 0.5f), ("learning_rate", 0.01f), ("gradient_norm", 2f)], events[1].Scalars);
        Assert.Equal(
            [("loss/training", float.PositiveInfinity), ("loss/validation", float.NaN), ("learning_rate", 0.0105f)], events[2].Scalars);
        Assert.Equal([("loss/training", 0.1f), ("learning_rate", 0f)], events[3].Scalars);
    }

    [Fact]
    public void AHistoryWithoutEpochsHasTheVersionAlone()
    {
        new TrainingHistory([]).SaveTensorBoard(_folder, s_start);
        Event only = Assert.Single(Read());
        Assert.Equal("brain.Event:2", only.FileVersion);
    }

    [Fact]
    public void WithoutAStartTheLastEpochHasJustEnded()
    {
        double before = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;
        s_history.SaveTensorBoard(_folder);
        double after = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;
        Assert.InRange(Read()[^1].WallTime, before - 1e-3, after + 1e-3);
    }

    [Fact]
    public void ANewHistoryReplacesTheOldOne()
    {
        s_history.SaveTensorBoard(_folder, s_start);
        new TrainingHistory(s_history.Take(1)).SaveTensorBoard(_folder, s_start);
        Assert.Equal([0L, 1], Read().Select(one => one.Step));
        Assert.Equal([EventFile], Directory.GetFiles(_folder));
    }

    [Fact]
    public void ATrainedNetworkIsRecordedEpochByEpoch()
    {
        Network<float> network = new NetworkBuilder(inputs: 1).Add(3, Activation.Tanh).Add(1, Activation.Linear).Build<float>(seed: 1);
        var data = new DataSet<float>(new[] { 0f, 0.5f, 1f }, 1, new[] { 0f, 0.25f, 1f }, 1);
        TrainingResult result = new NetworkTrainer<float>(network, new TrainingOptions { Epochs = 4 }).Train(data);
        result.History.SaveTensorBoard(_folder);
        Assert.Equal(
            result.History.Select(epoch => (float)epoch.TrainingLoss),
            Read().Skip(1).Select(one => one.Scalars.Single(scalar => scalar.Tag == "loss/training").Value));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void AFolderWithoutANameIsRefused(string? folder) =>
        Assert.ThrowsAny<ArgumentException>(() => s_history.SaveTensorBoard(folder!));

    /// <summary>The published check value of CRC-32C, so that the checksums are not judged by a wrong yardstick.</summary>
    [Fact]
    public void TheChecksumOfTheTestIsThePublishedOne() => Assert.Equal(0xE3069283, Crc32C(Encoding.ASCII.GetBytes("123456789")));

    private Event[] Read()
    {
        List<Event> events = [];
        ReadOnlySpan<byte> rest = File.ReadAllBytes(EventFile);
        while (!rest.IsEmpty)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(rest));
            AssertChecksum(rest[..8], rest[8..]);
            byte[] data = rest.Slice(12, length).ToArray();
            AssertChecksum(data, rest[(12 + length)..]);
            events.Add(ReadEvent(data));
            rest = rest[(16 + length)..];
        }

        return [.. events];
    }

    private static void AssertChecksum(ReadOnlySpan<byte> data, ReadOnlySpan<byte> stored)
    {
        uint crc = Crc32C(data);
        Assert.Equal(unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u), BinaryPrimitives.ReadUInt32LittleEndian(stored));
    }

    /// <summary>Bit by bit, with the reversed polynomial of Castagnoli.</summary>
    private static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }

        return ~crc;
    }

    private static Event ReadEvent(byte[] data)
    {
        (double wallTime, long step, string? version, List<(string, float)> scalars) = (double.NaN, -1, null, []);
        var input = new CodedInputStream(data);
        while (input.ReadTag() is not 0 and var tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (1, WireFormat.WireType.Fixed64):
                    wallTime = input.ReadDouble();
                    break;
                case (2, WireFormat.WireType.Varint):
                    step = input.ReadInt64();
                    break;
                case (3, WireFormat.WireType.LengthDelimited):
                    version = input.ReadString();
                    break;
                case (5, WireFormat.WireType.LengthDelimited):
                    var summary = input.ReadBytes().CreateCodedInput();
                    while (summary.ReadTag() is not 0 and var value)
                    {
                        Assert.Equal(WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited), value);
                        scalars.Add(ReadScalar(summary.ReadBytes().CreateCodedInput()));
                    }

                    break;
                default:
                    Assert.Fail($"The schema has no field of tag {tag}.");
                    break;
            }
        }

        return new Event(wallTime, step, version, scalars);
    }

    private static (string Tag, float Value) ReadScalar(CodedInputStream input)
    {
        Assert.Equal(WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited), input.ReadTag());
        string tag = input.ReadString();
        Assert.Equal(WireFormat.MakeTag(2, WireFormat.WireType.Fixed32), input.ReadTag());
        float value = input.ReadFloat();
        Assert.True(input.IsAtEnd);
        return (tag, value);
    }

    private sealed record Event(double WallTime, long Step, string? FileVersion, IReadOnlyList<(string Tag, float Value)> Scalars);
}
