namespace BpTrainer.ML;

/// <summary>Which rows are held out by <see cref="BackPropagationOptions.ValidationFraction"/>.</summary>
public enum ValidationRows
{
    /// <summary>
    /// Rows drawn at random by the seed, with classes in proportion and groups kept together; networks that predict together each draw
    /// their own.
    /// </summary>
    Random = 0,

    /// <summary>
    /// The last rows in the order of the data view, for series in order of time: the model is validated on what comes after its training
    /// rows. The fraction applies to the usable rows. All networks of an ensemble have the same validation rows, classes are not kept in
    /// proportion, and <c>RowGroupColumnName</c> is not allowed. Training still shuffles the other rows, unless
    /// <see cref="BackPropagationOptions.Shuffle"/> is <see langword="false"/>. Streamed rows take one more pass to count them, and every
    /// epoch reads them in order: only the rows of a block are shuffled.
    /// </summary>
    Last = 1,
}
