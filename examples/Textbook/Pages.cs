namespace BpTrainer.Examples.Textbook;

/// <summary>The pages by name, in the order of a textbook.</summary>
internal static class Pages
{
    public static IReadOnlyDictionary<string, Action<TextWriter>> All { get; } = new OrderedDictionary<string, Action<TextWriter>>
    {
        { nameof(OneSample), OneSample.Run },
        { nameof(Matrices), Matrices.Run },
        { nameof(StoppedRuns), StoppedRuns.Run },
        { nameof(Xor), Xor.Run },
        { nameof(OneHiddenLayer), OneHiddenLayer.Run },
        { nameof(OneNeuron), OneNeuron.Run },
        { nameof(FittedCurve), FittedCurve.Run },
        { nameof(SeasonalSeries), SeasonalSeries.Run },
        { nameof(Encoder), Encoder.Run },
    };
}
