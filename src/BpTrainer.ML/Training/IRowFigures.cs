namespace BpTrainer.ML.Training;

/// <summary>Figures of rows that are gathered apart and added in a fixed order, such as those of shards.</summary>
internal interface IRowFigures
{
    /// <summary>Adds the figures of rows behind these.</summary>
    void Add(IRowFigures behind);

    void Save(BinaryWriter writer);
}
