using BpTrainer.Training;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>The same seed gives the same model bit for bit.</summary>
public class RepeatTests
{
    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void TheSeedOfTheContextFixesTheModel(TaskCase task)
    {
        float[][] Train(int seed)
        {
            var ml = new MLContext(seed);
            IDataView data = task.Load(ml);
            return task.Ours(ml).Fit(data).Transform(data).Scores();
        }

        float[][] first = Train(7);
        DataViews.AssertSameBits(first, Train(7));
        Assert.NotEqual(first[0][0], Train(8)[0][0]);
    }

    [Fact]
    public void TheSeedOfTheOptionsFixesTheModel()
    {
        byte[] Train(MLContext ml)
        {
            var options = new BackPropagationBinaryTrainer.Options(Preset.Fast) { Seed = 5, NumberOfEpochs = 5 };
            using var bytes = new MemoryStream();
            ml.BinaryClassification.Trainers.BackPropagation(options).Fit(TestData.BreastCancer(ml)).Model.Network.Save(bytes);
            return bytes.ToArray();
        }

        Assert.Equal(Train(new MLContext()), Train(new MLContext(seed: 3)));
    }

    [Fact]
    public void ASecondFitGivesTheSameModel()
    {
        var ml = new MLContext();
        IDataView data = TestData.Diabetes(ml);
        var trainer = ml.Regression.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 5);
        DataViews.AssertSameBits(trainer.Fit(data).Transform(data).Scores(), trainer.Fit(data).Transform(data).Scores());
    }
}
