namespace BpTrainer.Tests.Optimizers;

/// <summary>
/// The adaptive rate when every epoch is judged by the loss at its end, on one weight and two equal samples taken one at a
/// time: with d = w − 1 an epoch leads to d(1 − η)² and is judged by ½d² there.
/// </summary>
public class AdaptiveMiniBatchTests
{
    private static readonly DataSet<double> s_data = Samples.Pairs((1, 1), (1, 1));

    [Fact]
    public void EpochsAreJudgedAgainstTheLastAcceptedOne()
    {
        // Growth 5, so that the rate soon is too large. It begins at d = −1 with the loss 0.5.
        // Epoch 1, η 0.5:    d −0.25        loss 0.03125             fell: η 2.5
        // Epoch 2, η 2.5:    d −0.5625      loss 0.158203125         rose: undone, η 1.75
        // Epoch 3, η 1.75:   d −0.140625    loss 0.0098876953125     fell: η 8.75
        // Epoch 4, η 8.75:   d · 7.75²      rose: undone, η 6.125
        // Epoch 5, η 6.125:  d · 5.125²     rose: undone
        TrainingResult result = Train(epochs: 5, out double weight);
        double[] losses =
        [
            0.03125, 0.158203125, 0.0098876953125,
            0.0098876953125 * Math.Pow(7.75, 4), 0.0098876953125 * Math.Pow(5.125, 4),
        ];
        double[] rates = [0.5, 2.5, 1.75, 8.75, 6.125];
        for (int i = 0; i < losses.Length; i++)
        {
            Close.Relative(losses[i], result.History[i].TrainingLoss, 1e-13, $"loss of epoch {i + 1}");
            Close.Absolute(rates[i], result.History[i].LearningRate, 1e-14, $"rate of epoch {i + 1}");
        }

        Close.Absolute(1 - 0.140625, weight, 1e-14);
        Assert.Equal(3, result.BestEpoch);
    }

    [Fact]
    public void ARateTooLargeForTheFirstEpochStillEndsInLearning()
    {
        // With η = 2.5 the first epoch leaves the weight farther away than it was; the rate must shrink until epochs help again.
        Network<double> network = Networks.OneWeight();
        network.Train(
            Training.Incremental(learningRate: 2.5, epochs: 200) with { Optimizer = Optimizer.AdaptiveGradientDescent(2.5) }, s_data);
        Close.Absolute(1, network.Weight(), 0.01);
    }

    private static TrainingResult Train(int epochs, out double weight)
    {
        Network<double> network = Networks.OneWeight();
        var optimizer = Optimizer.AdaptiveGradientDescent(0.5, increase: 5);
        TrainingResult result = network.Train(Training.Incremental(0.5, epochs) with { Optimizer = optimizer }, s_data);
        weight = network.Weight();
        return result;
    }
}
