using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>A network, what it gets in place of missing features, and how it came about and can go on, as model parameters keep and save it.</summary>
internal sealed record TrainedNetwork(
    Network<float> Network, NetworkEnsemble<float>? Ensemble, StopReason StopReason, int BestEpoch, IReadOnlyList<EpochRecord> History)
{
    /// <summary>The first version of the format in which <see cref="Imputation"/> and <see cref="UpdateStates"/> are saved too.</summary>
    private const uint VersionWithMore = 0x00010002;

    /// <summary>What stands for missing features; null if a row that lacks one has no prediction.</summary>
    public MeanImputation? Imputation { get; init; }

    /// <summary>What the update rule remembers of each network that predicts, in their order; empty if it is not kept.</summary>
    public IReadOnlyList<UpdateState<float>> UpdateStates { get; init; } = [];

    /// <summary>The number of features.</summary>
    public int Features => Imputation?.Features ?? Network.Inputs;

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

        string together = Ensemble is null ? "" : FormattableString.Invariant($"\nPredicts together with {Ensemble.Networks.Count - 1} more networks");
        string imputed = Imputation is null ? "" : FormattableString.Invariant(
            $"\nTakes {Features} features, of which missing ones become means, and {Imputation.IndicatedFeatures.Count} indicators of what is missing");
        return $"{Network.Summary()}{imputed}\n{training}{together}";
    }

    // *** Binary format ***
    // the network, as the engine saves it
    // int: reason for the stop
    // int: best epoch
    // int: number of epochs
    // for each epoch:
    //   int: number of the epoch
    //   double: training loss
    //   byte: 1 when there is a validation loss, else 0
    //   double: validation loss, only when there is one
    //   double: learning rate
    //   double: seconds since training began
    // byte: 1 when there is an ensemble, else 0
    // the ensemble, as the engine saves it, only when there is one
    // since version 0x00010002:
    // byte: 1 when missing features are imputed, else 0
    // what is put in their place, as MeanImputation describes it, only when they are imputed
    // int: number of states of the update rule: 0, or one for each network that predicts
    // for each state: the state, as the engine saves it

    /// <summary>Writes the network and its history.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Flush();
        Network.Save(writer.BaseStream);
        writer.Write((int)StopReason);
        writer.Write(BestEpoch);
        writer.Write(History.Count);
        foreach (EpochRecord epoch in History)
        {
            writer.Write(epoch.Epoch);
            writer.Write(epoch.TrainingLoss);
            writer.Write(epoch.ValidationLoss.HasValue);
            if (epoch.ValidationLoss is double loss)
            {
                writer.Write(loss);
            }

            writer.Write(epoch.LearningRate);
            writer.Write(epoch.Seconds);
        }

        writer.Write(Ensemble is not null);
        writer.Flush();
        Ensemble?.Save(writer.BaseStream);
        writer.Write(Imputation is not null);
        Imputation?.Save(writer);
        writer.Write(UpdateStates.Count);
        writer.Flush();
        foreach (UpdateState<float> state in UpdateStates)
        {
            state.Save(writer.BaseStream);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote; data that makes no sense throws ML.NET's decoding error.</summary>
    /// <param name="context">Takes the error.</param>
    /// <param name="reader">The data.</param>
    /// <param name="version">The version of the format.</param>
    public static TrainedNetwork Load(IExceptionContext context, BinaryReader reader, uint version)
    {
        try
        {
            Network<float> network = Network<float>.Load(reader.BaseStream);
            var reason = (StopReason)reader.ReadInt32();
            context.CheckDecode(Enum.IsDefined(reason), $"The saved model has the unknown stop reason {(int)reason}.");
            int best = reader.ReadInt32();
            int epochs = reader.ReadInt32();
            context.CheckDecode(epochs >= 0 && best >= 0 && best <= epochs, $"The saved model names epoch {best} of {epochs} as the best.");
            var history = new List<EpochRecord>();
            for (int i = 0; i < epochs; i++)
            {
                history.Add(new EpochRecord(
                    reader.ReadInt32(),
                    reader.ReadDouble(),
                    reader.ReadBoolean() ? reader.ReadDouble() : null,
                    reader.ReadDouble(),
                    reader.ReadDouble()));
            }

            NetworkEnsemble<float>? ensemble = reader.ReadBoolean() ? NetworkEnsemble<float>.Load(reader.BaseStream) : null;
            context.CheckDecode(
                ensemble is null || (ensemble.Inputs == network.Inputs && ensemble.Outputs == network.Outputs), "The networks of the saved ensemble differ in shape.");
            var trained = new TrainedNetwork(network, ensemble, reason, best, history);
            return version >= VersionWithMore ? LoadMore(context, reader, trained) : trained;
        }
        catch (InvalidDataException e)
        {
            throw context.ExceptDecode(e, $"The saved network is damaged. {e.Message}");
        }
        catch (EndOfStreamException e)
        {
            throw context.ExceptDecode(e, "The history of the saved model ends too early.");
        }
    }

    private static TrainedNetwork LoadMore(IExceptionContext context, BinaryReader reader, TrainedNetwork trained)
    {
        MeanImputation? imputation = reader.ReadBoolean() ? MeanImputation.Load(context, reader) : null;
        int inputs = trained.Network.Inputs;
        context.CheckDecode(imputation is null || imputation.Inputs == inputs, $"The saved network has {inputs} inputs, but its features make {imputation?.Inputs}.");
        int networks = trained.Ensemble?.Networks.Count ?? 1;
        int count = reader.ReadInt32();
        context.CheckDecode(count == 0 || count == networks, $"The saved model has {count} states of the update rule for {networks} networks.");
        UpdateState<float>[] states = [.. Enumerable.Range(0, count).Select(_ => UpdateState<float>.Load(reader.BaseStream))];
        return trained with { Imputation = imputation, UpdateStates = states };
    }
}
