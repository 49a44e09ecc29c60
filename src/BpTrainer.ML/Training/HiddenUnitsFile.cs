using BpTrainer.Files;
using BpTrainer.Training;

namespace BpTrainer.ML.Training;

/// <summary>Saves and loads the trials of hidden sizes and the stages of growth of a model.</summary>
internal static class HiddenUnitsFile
{
    private const int RunBytes = (2 * sizeof(double)) + (3 * sizeof(int));
    private const int StageBytes = sizeof(double) + (4 * sizeof(int)) + 1;

    // *** Binary format of trials ***
    // int: number of trials; 0 if there were none
    // for each trial: int: units; int: parameters; int: number of runs
    //     for each run: double: validation loss; int: best epoch; int: epochs; double: seconds; int: reason for the stop

    public static void Write(BinaryWriter writer, HiddenSizeTrials? trials)
    {
        writer.Write(trials?.Trials.Count ?? 0);
        foreach (HiddenSizeTrial trial in trials?.Trials ?? [])
        {
            writer.Write(trial.Units);
            writer.Write(trial.Parameters);
            writer.Write(trial.Runs.Count);
            foreach (HiddenSizeRun run in trial.Runs)
            {
                writer.Write(run.ValidationLoss);
                writer.Write(run.BestEpoch);
                writer.Write(run.Epochs);
                writer.Write(run.Seconds);
                writer.Write((int)run.StopReason);
            }
        }
    }

    public static HiddenSizeTrials? ReadTrials(BlockReader reader)
    {
        int count = reader.ReadCount("trials of hidden sizes", 0, (3 * sizeof(int)) + RunBytes);
        HiddenSizeTrial[] trials = [.. Enumerable.Range(0, count).Select(_ => new HiddenSizeTrial(
            ReadUnits(reader), reader.Read("number of parameters", 1, int.MaxValue), ReadRuns(reader)))];
        return count == 0 ? null : reader.Make(() => new HiddenSizeTrials(trials));
    }

    // *** Binary format of stages ***
    // int: number of stages; 0 if the network did not grow
    // for each stage: int: units; int: epochs; int: best epoch; double: training loss; byte: 1 if there is a validation loss, else 0;
    //     double: validation loss, only if there is one; int: reason for the stop

    public static void Write(BinaryWriter writer, IReadOnlyList<GrowthStage> stages)
    {
        writer.Write(stages.Count);
        foreach (GrowthStage stage in stages)
        {
            writer.Write(stage.Units);
            writer.Write(stage.Epochs);
            writer.Write(stage.BestEpoch);
            writer.Write(stage.TrainingLoss);
            writer.Write(stage.ValidationLoss.HasValue);
            if (stage.ValidationLoss is { } loss)
            {
                writer.Write(loss);
            }

            writer.Write((int)stage.StopReason);
        }
    }

    public static IReadOnlyList<GrowthStage> ReadStages(BlockReader reader)
    {
        int count = reader.ReadCount("stages of growth", 0, StageBytes);
        return [.. Enumerable.Range(0, count).Select(_ => new GrowthStage(
            ReadUnits(reader), ReadEpochs(reader), ReadEpochs(reader), ReadLoss(reader),
            reader.ReadBoolean("sign of a validation loss") ? ReadLoss(reader) : null, ReadReason(reader)))];
    }

    private static IReadOnlyList<HiddenSizeRun> ReadRuns(BlockReader reader)
    {
        int count = reader.ReadCount("runs of a trial", 1, RunBytes);
        return [.. Enumerable.Range(0, count).Select(_ => new HiddenSizeRun(
            ReadLoss(reader), ReadEpochs(reader), ReadEpochs(reader), reader.Read("time of a run", 0, HistoryFile.MostSeconds),
            ReadReason(reader)))];
    }

    private static int ReadUnits(BlockReader reader) => reader.Read("number of hidden units", 1, int.MaxValue);

    private static double ReadLoss(BlockReader reader) => reader.Read("loss", double.NegativeInfinity, double.PositiveInfinity);

    private static int ReadEpochs(BlockReader reader) => reader.Read("number of epochs", 0, int.MaxValue);

    private static StopReason ReadReason(BlockReader reader) =>
        (StopReason)reader.Read("reason for the stop", 0, (int)Enum.GetValues<StopReason>()[^1]);
}
