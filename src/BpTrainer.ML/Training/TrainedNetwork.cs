using System.Globalization;
using BpTrainer.Files;
using BpTrainer.Training;

namespace BpTrainer.ML.Training;

/// <summary>The networks of a model and how their training went, as models keep and save them.</summary>
internal sealed record TrainedNetwork(
    Network<float> Network, NetworkEnsemble<float>? Ensemble, StopReason StopReason, int BestEpoch, TrainingHistory History)
{
    private static readonly ChecksummedBlock s_block = new("BPML", "model");

    /// <summary>The replacements of missing features; null if a row with a missing feature has no score.</summary>
    public MeanImputation? Imputation { get; init; }

    /// <summary>The optimizer state of each network that predicts, in their order; empty if it is not kept.</summary>
    public IReadOnlyList<OptimizerState> OptimizerStates { get; init; } = [];

    /// <summary>The names of the outputs, one for each; empty if they have none.</summary>
    public IReadOnlyList<string> SlotNames { get; init; } = [];

    public IReadOnlyList<(string Id, string Text)> Warnings { get; init; } = [];

    /// <summary>The trials that chose the number of hidden units; null if there were none.</summary>
    public HiddenSizeTrials? HiddenSizeTrials { get; init; }

    /// <summary>The stages in which the network grew; empty if it did not.</summary>
    public IReadOnlyList<GrowthStage> GrowthStages { get; init; } = [];

    public int Features => Imputation?.Features ?? Network.Inputs;

    /// <summary>The networks that predict: those of the ensemble, or a single one.</summary>
    public NetworkEnsemble<float> Predictor { get; } = Ensemble ?? new NetworkEnsemble<float>(Network);

    /// <summary>The networks whose mean is the prediction.</summary>
    public IReadOnlyList<Network<float>> Networks => Predictor.Networks;

    /// <summary>The index of the best network among those that predict. A loaded model has a copy of the best network, so it is found by
    /// its parameters.</summary>
    public int BestIndex => Networks.Index()
        .FirstOrDefault(network => network.Item.Parameters.Span.SequenceEqual(Network.Parameters.Span)).Index;

    /// <summary>The best network up to a hidden layer, counted from 1, with its training history, its warnings and its replacements of
    /// missing features.</summary>
    public TrainedNetwork ToEncoder(int hiddenLayer) => new(Network.ToEncoder(hiddenLayer), Ensemble: null, StopReason, BestEpoch, History)
    {
        Imputation = Imputation,
        Warnings = Warnings,
    };

    /// <summary>The version stamp of a file of ML.NET. Both signatures are part of the file format.</summary>
    public static VersionInfo MakeVersionInfo(string modelSignature, string loaderSignature) => new(
        modelSignature: modelSignature,
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: loaderSignature,
        // The simple name: with the full name, a model would load only if this version or a newer one is present.
        loaderAssemblyName: typeof(TrainedNetwork).Assembly.GetName().Name);

    /// <summary>The network layer by layer, and how its training went.</summary>
    public string Summary()
    {
        string training = FormattableString.Invariant($"Training stopped ({StopReason}) after {History.Count} epochs");
        if (BestEpoch > 0 && BestEpoch <= History.Count)
        {
            EpochRecord best = History[BestEpoch - 1];
            string validation = best.ValidationLoss is double loss ? FormattableString.Invariant($", validation loss {loss:G6}") : "";
            training += FormattableString.Invariant($"; best epoch {BestEpoch}: training loss {best.TrainingLoss:G6}{validation}");
        }

        string together = Ensemble is null
            ? ""
            : FormattableString.Invariant($"\nPredicts together with {Ensemble.Networks.Count - 1} more networks") + WeightsText(Ensemble);
        string imputed = Imputation is null
            ? ""
            : FormattableString.Invariant($"\nTakes {Features} features, with means for missing ones, ") +
                FormattableString.Invariant($"and {Imputation.IndicatedFeatures.Count} indicators of what is missing");
        string warnings = string.Concat(Warnings.Select(warning => $"\nWarning: {warning.Text}"));
        string trials = HiddenSizeTrials is null ? "" : $"\nHidden units were chosen by trials:\n{HiddenSizeTrials}";
        string stages = GrowthStages.Count == 0 ? "" : $"\nThe hidden layer grew: {string.Join("; ", GrowthStages.Select(Text))}";
        return $"{Network.Summary()}{imputed}\n{training}{together}{trials}{stages}{warnings}";
    }

    private static string Text(GrowthStage stage)
    {
        string loss = stage.ValidationLoss is { } validation
            ? FormattableString.Invariant($"validation loss {validation:G6}")
            : FormattableString.Invariant($"training loss {stage.TrainingLoss:G6}");
        return $"{stage.Units} units, {loss} in {stage.Epochs} epochs";
    }

    /// <summary>The weights of the networks, if they differ.</summary>
    private static string WeightsText(NetworkEnsemble<float> ensemble)
    {
        var weights = ensemble.Weights.Select(weight => weight.ToString("G3", CultureInfo.InvariantCulture));
        return ensemble.Weights.Distinct().Count() > 1 ? $"; the weights of all are {string.Join(", ", weights)}" : "";
    }

    // *** Binary format: a ChecksummedBlock of the engine with the magic "BPML" ***
    // the network, as the engine saves it
    // int: reason for the stop
    // the history, as HistoryFile of the engine describes it
    // int: best epoch
    // byte: 1 when there is an ensemble, else 0
    // the ensemble, as the engine saves it, only when there is one
    // byte: 1 when missing features are imputed, else 0
    // the means and indicators, as MeanImputation saves them, only when missing features are imputed
    // int: number of states of the optimizer: 0, or one for each network that predicts
    // for each state: the state, as the engine saves it
    // int: number of slot names: 0, or one for each output
    // string[]: slot names
    // the warnings, as WarningList saves them
    // the trials of hidden sizes and the stages of growth, as HiddenUnitsFile saves them

    public void Save(Stream stream) => s_block.Write(stream, writer =>
    {
        writer.Flush();
        Network.Save(writer.BaseStream);
        writer.Write((int)StopReason);
        HistoryFile.Write(writer, History);
        writer.Write(BestEpoch);
        writer.Write(Ensemble is not null);
        writer.Flush();
        Ensemble?.Save(writer.BaseStream);
        writer.Write(Imputation is not null);
        Imputation?.Save(writer);
        writer.Write(OptimizerStates.Count);
        writer.Flush();
        foreach (OptimizerState state in OptimizerStates)
        {
            state.Save(writer.BaseStream);
        }

        writer.Write(SlotNames.Count);
        foreach (string name in SlotNames)
        {
            writer.Write(name);
        }

        WarningList.Save(writer, Warnings);
        HiddenUnitsFile.Write(writer, HiddenSizeTrials);
        HiddenUnitsFile.Write(writer, GrowthStages);
    });

    /// <summary>Reads what <see cref="Save"/> wrote; damaged data throws ML.NET's decoding error.</summary>
    public static TrainedNetwork Load(IExceptionContext context, Stream stream)
    {
        try
        {
            return s_block.Read(stream, Read);
        }
        catch (InvalidDataException e)
        {
            throw context.ExceptDecode(e, $"The saved model cannot be read. {e.Message}");
        }
    }

    private static TrainedNetwork Read(BlockReader reader)
    {
        Network<float> network = Network<float>.Load(reader.Rest);
        var reason = (StopReason)reader.Read("reason for the stop", 0, (int)Enum.GetValues<StopReason>()[^1]);
        var history = new TrainingHistory(HistoryFile.Read(reader));
        int best = reader.Read("best epoch", 0, history.Count);
        NetworkEnsemble<float>? ensemble = reader.ReadBoolean("sign of an ensemble") ? NetworkEnsemble<float>.Load(reader.Rest) : null;
        if (ensemble is not null && (ensemble.Inputs, ensemble.Outputs) != (network.Inputs, network.Outputs))
        {
            throw reader.Damaged("the networks of the ensemble do not have the inputs and outputs of the best network");
        }

        MeanImputation? imputation = reader.ReadBoolean("sign of an imputation") ? MeanImputation.Load(reader) : null;
        if (imputation is not null && imputation.Inputs != network.Inputs)
        {
            throw reader.Damaged($"the network has {network.Inputs} inputs, but its features make {imputation.Inputs}");
        }

        return new TrainedNetwork(network, ensemble, reason, best, history)
        {
            Imputation = imputation,
            OptimizerStates = ReadEach(
                reader, "states of the optimizer", ensemble?.Networks.Count ?? 1, () => OptimizerState.Load<float>(reader.Rest)),
            SlotNames = ReadEach(reader, "slot names", network.Outputs, reader.ReadText),
            Warnings = WarningList.Load(reader),
            HiddenSizeTrials = HiddenUnitsFile.ReadTrials(reader),
            GrowthStages = HiddenUnitsFile.ReadStages(reader),
        };
    }

    /// <summary>Reads either the expected number of items or none.</summary>
    private static T[] ReadEach<T>(BlockReader reader, string name, int expected, Func<T> read)
    {
        int count = reader.ReadCount(name, 0, bytesOfEach: 1);
        if (count != 0 && count != expected)
        {
            throw reader.Damaged($"the number of {name} is {count}, but must be {expected} or 0");
        }

        return [.. Enumerable.Range(0, count).Select(_ => read())];
    }
}
