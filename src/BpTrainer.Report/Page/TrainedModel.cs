using BpTrainer.ML;

namespace BpTrainer.Report.Page;

/// <summary>What a model of this package's trainers stores about its training.</summary>
internal sealed record TrainedModel(
    Network<float> Network, TrainingHistory History, int BestEpoch, StopReason StopReason, IReadOnlyList<(string Id, string Text)> Warnings)
{
    /// <summary>The number of networks that predict together.</summary>
    public int Networks { get; init; } = 1;

    public HiddenSizeTrials? HiddenSizeTrials { get; init; }

    public IReadOnlyList<GrowthStage> GrowthStages { get; init; } = [];

    public static TrainedModel Of(Network<float> network, TrainingResult result) =>
        new(network, result.History, result.BestEpoch, result.StopReason, result.Warnings);

    /// <summary>The training of a model; null if the model is of another package.</summary>
    public static TrainedModel? Of(object? model) => model switch
    {
        BackPropagationModelParameters<float> scalar => Of(scalar),
        BackPropagationModelParameters<VBuffer<float>> vector => Of(vector),
        _ => null,
    };

    private static TrainedModel Of<TOutput>(BackPropagationModelParameters<TOutput> model) =>
        new(model.Network, model.History, model.BestEpoch, model.StopReason, model.Warnings)
        {
            Networks = model.Ensemble?.Networks.Count ?? 1,
            HiddenSizeTrials = model.HiddenSizeTrials,
            GrowthStages = model.GrowthStages,
        };
}
