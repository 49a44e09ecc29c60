namespace BpTrainer;

/// <summary>
/// Samples that do not fit into memory: a source that returns them from the first to the last in every pass. Training reads a block of
/// them, learns from it in batches, and reads the next.
/// </summary>
/// <remarks>Calls come one after another, from the thread that trains.</remarks>
/// <typeparam name="T">float or double.</typeparam>
public interface IRowStream<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of inputs of a sample; 1 or more.</summary>
    int InputColumns { get; }

    /// <summary>The number of targets of a sample; 1 or more.</summary>
    int TargetColumns { get; }

    /// <summary>The number of samples of a pass, 1 or more, the same in every pass.</summary>
    long Rows { get; }

    /// <summary>The sum of the weights of all samples, finite and above 0; null when the samples have no weights.</summary>
    double? TotalWeight { get; }

    /// <summary>Goes back to the first sample. Called before every pass, also when the one before was not read to its end.</summary>
    /// <param name="shuffleSeed">A number to draw the order of the samples from, if the source can change it: the same number must mean the
    /// same order. Null when the order does not matter.</param>
    void Restart(int? shuffleSeed);

    /// <summary>Hands out the samples that come next.</summary>
    /// <param name="inputs">Takes the inputs, row after row; has room for one row or more.</param>
    /// <param name="targets">Takes the targets; has room for as many rows.</param>
    /// <param name="weights">Takes the weights, finite and not negative; empty when <see cref="TotalWeight"/> is null.</param>
    /// <returns>The number of rows that were handed out; 0 at the end of the pass only.</returns>
    int Read(Span<T> inputs, Span<T> targets, Span<T> weights);
}
