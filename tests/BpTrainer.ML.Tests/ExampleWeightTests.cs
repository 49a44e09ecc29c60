using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>A weight counts as that many rows of the diabetes data, in scalings, in gradients and in the loss.</summary>
public class ExampleWeightTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void FullBatchesOfWeightedRowsAreThoseOfRepeatedRows()
    {
        Patient[] weighted = Patients(row => 1 + (row % 4));
        Patient[] repeated = [.. weighted.SelectMany(row => Enumerable.Repeat(row with { Weight = 1 }, (int)row.Weight))];
        (float[][] scores, double[] losses) = Fit(weighted);
        (float[][] expected, double[] expectedLosses) = Fit(repeated);

        // The same sums, but in another order of summation.
        DataViews.AssertClose(expected, scores, 1e-4);
        Assert.All(expectedLosses.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.NotEqual(expected[0][0], Fit(Patients(_ => 1)).Scores[0][0], 0.1f);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0.25)]
    [InlineData(1024)]
    public void EqualWeightsOfAnySizeChangeNothing(float weight)
    {
        // Powers of two: exact, bit for bit.
        DataViews.AssertSameBits(Fit(Patients(_ => 1)).Scores, Fit(Patients(_ => weight)).Scores);
    }

    [Fact]
    public void ARowOfWeightZeroIsNotThere()
    {
        Patient[] rows = Patients(row => row % 3 == 0 ? 0 : 1);
        DataViews.AssertSameBits(Fit([.. rows.Where(row => row.Weight > 0)]).Scores, Fit(rows).Scores);
    }

    private (float[][] Scores, double[] Losses) Fit(Patient[] rows)
    {
        var model = _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options
        {
            ExampleWeightColumnName = nameof(Patient.Weight),
            HiddenLayers = [10],
            BatchSize = int.MaxValue,
            LearningRate = 0.05,
            NumberOfEpochs = 40,
            ValidationFraction = 0,
            Shuffle = false,
            Seed = 3,
        }).Fit(_ml.Data.LoadFromEnumerable(rows));
        return (model.Transform(TestData.Diabetes(_ml)).Scores(), [.. model.Model.History.Select(epoch => epoch.TrainingLoss)]);
    }

    private Patient[] Patients(Func<int, float> weight)
    {
        IDataView data = TestData.Diabetes(_ml);
        float[] labels = data.Values<float>("Label");
        return [.. data.Values<VBuffer<float>>("Features").Select((features, row) => new Patient
        {
            Features = [.. features.DenseValues()],
            Label = labels[row],
            Weight = weight(row),
        })];
    }

    private sealed record Patient
    {
        [VectorType(TestData.DiabetesFeatures)]
        public float[] Features { get; init; } = [];

        public float Label { get; init; }

        public float Weight { get; init; }
    }
}
