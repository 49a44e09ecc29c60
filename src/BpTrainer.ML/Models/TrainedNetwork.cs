using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>A network and how it came about, as model parameters keep and save it.</summary>
internal sealed record TrainedNetwork(
    Network<float> Network, NetworkEnsemble<float>? Ensemble, StopReason StopReason, int BestEpoch, IReadOnlyList<EpochRecord> History)
{
    // *** Binary format ***
    // int: length of the network in bytes
    // byte[]: the network, as the engine saves it
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
    // int: length of the ensemble in bytes; 0 when the network predicts alone
    // byte[]: the ensemble, as the engine saves it

    /// <summary>Writes the network and its history.</summary>
    public void Save(BinaryWriter writer)
    {
        WriteBytes(writer, Network.Save);
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

        if (Ensemble is null)
        {
            writer.Write(0);
        }
        else
        {
            WriteBytes(writer, Ensemble.Save);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote; damaged data throws ML.NET's decoding error.</summary>
    public static TrainedNetwork Load(IExceptionContext context, BinaryReader reader)
    {
        int length = reader.ReadInt32();
        context.CheckDecode(length > 0);
        Network<float> network = ReadBytes(context, reader, length, Network<float>.Load);

        var reason = (StopReason)reader.ReadInt32();
        context.CheckDecode(Enum.IsDefined(reason));
        int best = reader.ReadInt32();
        int epochs = reader.ReadInt32();
        context.CheckDecode(epochs >= 0);
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

        NetworkEnsemble<float>? ensemble = null;
        if (reader.ReadInt32() is var bytes and not 0)
        {
            context.CheckDecode(bytes > 0);
            ensemble = ReadBytes(context, reader, bytes, NetworkEnsemble<float>.Load);
            context.CheckDecode(ensemble.Inputs == network.Inputs && ensemble.Outputs == network.Outputs);
        }

        return new TrainedNetwork(network, ensemble, reason, best, history);
    }

    private static void WriteBytes(BinaryWriter writer, Action<Stream> save)
    {
        using var bytes = new MemoryStream();
        save(bytes);
        writer.Write((int)bytes.Length);
        bytes.WriteTo(writer.BaseStream);
    }

    private static TResult ReadBytes<TResult>(IExceptionContext context, BinaryReader reader, int length, Func<Stream, TResult> load)
    {
        byte[] bytes = reader.ReadBytes(length);
        context.CheckDecode(bytes.Length == length);
        try
        {
            return load(new MemoryStream(bytes));
        }
        catch (InvalidDataException e)
        {
            throw context.ExceptDecode(e, "The saved network is damaged.");
        }
    }
}
