namespace BpTrainer;

/// <summary>
/// Samples that do not fit into memory. The source returns them from the first to the last in every pass. Training reads a block of
/// samples, learns from it in batches, and then reads the next block.
/// </summary>
/// <remarks>The methods are called one at a time, by the training thread.</remarks>
/// <typeparam name="T">float or double.</typeparam>
public interface IRowStream<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of inputs of a sample; 1 or more.</summary>
    int InputColumns { get; }

    /// <summary>The number of targets of a sample; 1 or more.</summary>
    int TargetColumns { get; }

    /// <summary>The number of samples of a pass, 1 or more, the same in every pass.</summary>
    long Rows { get; }

    /// <summary>The sum of the weights of all samples, finite and above 0; null if the samples have no weights.</summary>
    double? TotalWeight { get; }

    /// <summary>Goes back to the first sample. Called before every pass, even if the previous pass was not read to its end.</summary>
    /// <param name="shuffleSeed">A seed for the order of the samples, if the source can change it: the same seed must give the same order.
    /// Null if the order does not matter.</param>
    void Restart(int? shuffleSeed);

    /// <summary>Reads the next samples.</summary>
    /// <param name="inputs">Receives the inputs, row after row; has room for one row or more.</param>
    /// <param name="targets">Receives the targets; has room for the same number of rows.</param>
    /// <param name="weights">Receives the weights, which are finite and not negative; empty if <see cref="TotalWeight"/> is null.</param>
    /// <returns>The number of rows that were read; 0 only at the end of the pass.</returns>
    int Read(Span<T> inputs, Span<T> targets, Span<T> weights);
}
