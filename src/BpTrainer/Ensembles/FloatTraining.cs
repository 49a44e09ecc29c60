using BpTrainer.Networks;
using BpTrainer.Scalings;
using BpTrainer.Training;

namespace BpTrainer.Ensembles;

/// <summary>
/// The start of a training in <see cref="float"/>, for ReadyToRun: an assembly contains machine code only for those instances of its
/// generic types that its own code names, and no other code here names the instances for <see cref="float"/>. This code is compiled but
/// never called.
/// </summary>
internal static class FloatTraining
{
    internal static void Train(DataSet<float> samples, NetworkBuilder builder, TrainingOptions options)
    {
        samples = DataSet<float>.Join(new DataSet<float>(samples.Inputs, 1, samples.Targets, 1, samples.Weights));
        ColumnStatistics statistics = ColumnScaling.TargetStatistics(samples);
        statistics.Add(samples.InputRow(0));
        statistics.Standardize<float>();
        builder.ScaleInputs(ColumnScaling.StandardizeInputs(samples)).EncodeInputs(PiecewiseLinearEncoding.FromTrees(samples));
        TrainingMemory.Check<float>(builder, options, samples.Rows);
        NetworkSummary.Write<float>(builder.Arrange<float>(), inputScaling: null, outputScaling: null);
        var trainer = new EnsembleTrainer<float>([builder], options);
        trainer.Run(samples);
        NetworkEnsemble<float> ensemble = trainer.Train([samples], [samples.Select([0])]);
        ensemble.Predict(samples, outputs: []);
        ensemble.Networks[0].Predict(samples.Inputs.Span, outputs: [], samples.Rows);
    }
}
