using System.Runtime.InteropServices;
using BpTrainer.Encodings;
using BpTrainer.Files;
using BpTrainer.ML.Training;

namespace BpTrainer.ML.Shards;

/// <summary>A random part of the training rows of shards: the inputs and targets of each row, one row after the other.</summary>
internal sealed class SampledRows(List<float> numbers) : IRowFigures
{
    /// <summary>Returns a number of rows of a shard, each with the same probability.</summary>
    public static SampledRows Of(DataSet<float> training, int rows)
    {
        var sample = new RowSample<float>(training.InputColumns, training.TargetColumns) { MostRows = rows };
        sample.AddAll(training);
        return new SampledRows([.. sample.Rows.SelectMany(row => row)]);
    }

    public void Add(IRowFigures behind) => numbers.AddRange(((SampledRows)behind).Numbers);

    /// <summary>Returns the rows as a sample of all rows.</summary>
    public RowSample<float> ToSample(int inputs, int targets)
    {
        var sample = new RowSample<float>(inputs, targets) { MostRows = int.MaxValue };
        for (ReadOnlySpan<float> rest = CollectionsMarshal.AsSpan(numbers); !rest.IsEmpty; rest = rest[(inputs + targets)..])
        {
            sample.Add(rest[..inputs], rest.Slice(inputs, targets));
        }

        return sample;
    }

    private List<float> Numbers => numbers;

    // *** Binary format ***
    // int: number of numbers; float[]: numbers

    public void Save(BinaryWriter writer)
    {
        writer.Write(numbers.Count);
        writer.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(numbers)));
    }

    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    public static SampledRows Load(BlockReader reader) => new([.. reader.ReadArray<float>("numbers of sampled rows")]);
}
