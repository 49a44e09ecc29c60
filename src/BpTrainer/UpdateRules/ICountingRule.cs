namespace BpTrainer;

/// <summary>What an <see cref="IElementwiseRule{T}"/> is besides that also remembers single numbers, such as a count of updates.</summary>
internal interface ICountingRule
{
    /// <summary>How many numbers are remembered. They begin as 0.</summary>
    int Numbers { get; }

    /// <summary>Moves the remembered numbers on, once an update.</summary>
    /// <param name="numbers">As many as <see cref="Numbers"/> says.</param>
    /// <param name="loss">The mean loss of the batch, before the update.</param>
    void Begin(Span<double> numbers, double loss);
}
