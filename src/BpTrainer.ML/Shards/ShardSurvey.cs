using System.Runtime.InteropServices;
using BpTrainer.Files;
using BpTrainer.ML.Training;
using BpTrainer.Scalings;

namespace BpTrainer.ML.Shards;

/// <summary>Information about the rows of shards before there is a network: sizes, statistics of the columns, labels and
/// warnings.</summary>
internal sealed class ShardSurvey(
    List<ShardSize> sizes, ColumnStatistics inputs, ColumnStatistics targets, FeatureSurvey features, float[] firstLabels,
    bool hasSeveralLabels, List<(string Id, string Text)> warnings) : IRowFigures
{
    private const int SizeBytes = (2 * sizeof(int)) + (2 * sizeof(double));

    /// <summary>The sizes of the shards, one after another.</summary>
    public IReadOnlyList<ShardSize> Sizes => sizes;

    /// <summary>The statistics of the inputs of the training rows.</summary>
    public ColumnStatistics Inputs => inputs;

    /// <summary>The statistics of the targets of the training rows.</summary>
    public ColumnStatistics Targets => targets;

    public FeatureSurvey Features => features;

    /// <summary>The labels of the first row.</summary>
    public float[] FirstLabels => firstLabels;

    /// <summary>Whether the labels of any row differ from those of the first.</summary>
    public bool HasSeveralLabels { get; private set; } = hasSeveralLabels;

    public IReadOnlyList<(string Id, string Text)> Warnings => warnings;

    /// <summary>The survey of a shard.</summary>
    public static ShardSurvey Of(Shard<float> shard, MemoryRows rows, IEnumerable<(string Id, string Text)> warnings)
    {
        FeatureSurvey features = rows.SurveyFeatures(out ColumnStatistics inputs);
        return new ShardSurvey(
            [shard.Size], inputs, rows.TargetStatistics(), features, rows.FirstLabels.ToArray(), rows.HasSeveralLabels, [.. warnings]);
    }

    public void Add(IRowFigures behind)
    {
        var other = (ShardSurvey)behind;
        sizes.AddRange(other.Sizes);
        inputs.Add(other.Inputs);
        targets.Add(other.Targets);
        features.Add(other.Features);
        HasSeveralLabels = HasSeveralLabels || other.HasSeveralLabels || !firstLabels.AsSpan().SequenceEqual(other.FirstLabels);
        warnings.AddRange(other.Warnings);
    }

    // *** Binary format ***
    // int: number of shards; for each: int training rows, double weight or NaN, the same of validation rows
    // the statistics of inputs and targets and the survey of the features, as they save themselves
    // int: number of labels; float[]: labels of the first row; byte: 1 if the labels of another row differ, else 0 the warnings, as
    // WarningList saves them

    public void Save(BinaryWriter writer)
    {
        writer.Write(sizes.Count);
        foreach (ShardSize size in sizes)
        {
            writer.Write(size.TrainingRows);
            writer.Write(size.TrainingWeight ?? double.NaN);
            writer.Write(size.ValidationRows);
            writer.Write(size.ValidationWeight ?? double.NaN);
        }

        inputs.Save(writer);
        targets.Save(writer);
        features.Save(writer);
        writer.Write(firstLabels.Length);
        writer.Write(MemoryMarshal.AsBytes(firstLabels.AsSpan()));
        writer.Write(HasSeveralLabels);
        WarningList.Save(writer, warnings);
    }

    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    public static ShardSurvey Load(BlockReader reader)
    {
        int shards = reader.ReadCount("shards", 1, SizeBytes);
        var sizes = new List<ShardSize>(shards);
        for (int s = 0; s < shards; s++)
        {
            int training = reader.Read("number of training rows", 1, int.MaxValue);
            double? trainingWeight = WeightOrNull(reader.Read<double>());
            int validation = reader.Read("number of validation rows", 0, int.MaxValue);
            sizes.Add(new ShardSize(training, trainingWeight, validation, WeightOrNull(reader.Read<double>()), IsSparse: false));
        }

        return new ShardSurvey(
            sizes, ColumnStatistics.Load(reader), ColumnStatistics.Load(reader), FeatureSurvey.Load(reader),
            reader.ReadArray<float>("labels"), reader.ReadBoolean("sign of several labels"), [.. WarningList.Load(reader)]);
    }

    private static double? WeightOrNull(double weight) => double.IsNaN(weight) ? null : weight;
}
