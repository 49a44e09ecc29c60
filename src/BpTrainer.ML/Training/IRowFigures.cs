namespace BpTrainer.ML.Training;

/// <summary>Statistics of rows that are collected separately and added in a fixed order, such as those of shards.</summary>
internal interface IRowFigures
{
    /// <summary>Adds the statistics of the rows after these.</summary>
    void Add(IRowFigures behind);

    void Save(BinaryWriter writer);
}
