namespace BpTrainer.ML.Training;

/// <summary>
/// A model that always predicts the same class. By the rule of succession, n rows of one of K classes give that class the probability (n +
/// 1) / (n + K).
/// </summary>
internal static class OneClassModel
{
    public static TrainedNetwork Make(
        IExceptionContext context, BackPropagationOptions options, LearningTask task, TrainingRows rows, int seed)
    {
        var targets = new float[task.Outputs];
        task.WriteTargets(rows.FirstLabels, targets);
        double others = Math.Max(task.Classes - 1, 1), rare = 1 / (rows.Count + 1 + others);

        // One shared bias could not distinguish the class from the others.
        options = options.Copy();
        options.OutputBias = BiasKind.PerUnit;
        NetworkBuilder builder = new NetworkDesign(context, options, task).Describe(rows, task.TargetScaling(rows.TargetStatistics()));
        var networks = new Network<float>[options.Ensemble.Averages ? options.Ensemble.Size : 1];
        for (int run = 0; run < networks.Length; run++)
        {
            networks[run] = builder.Build<float>(seed + run);
            Layer<float> output = networks[run].Layers[^1];
            for (int o = 0; o < output.Outputs; o++)
            {
                for (int i = 0; i < output.Inputs; i++)
                {
                    output.SetWeight(i, o, 0);
                }

                double p = targets[o] == 1 ? 1 - (others * rare) : rare;
                output.SetBias(o, ProbabilityOutput.BiasFor(task.OutputActivation, p));
            }
        }

        NetworkEnsemble<float>? ensemble = options.Ensemble.Averages ? new NetworkEnsemble<float>(networks) : null;
        return new TrainedNetwork(networks[0], ensemble, StopReason.OneClass, BestEpoch: 0, new TrainingHistory([]));
    }
}
