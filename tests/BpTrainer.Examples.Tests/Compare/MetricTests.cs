using BpTrainer.Examples.Compare;
using Microsoft.ML;

namespace BpTrainer.Examples.Tests.Compare;

public class MetricTests
{
    [Fact]
    public void BinaryLogLossIsInNatsAndNeverInfinite()
    {
        var context = new MLContext();
        IDataView scored = context.Data.LoadFromEnumerable(new[]
        {
            new Scored { Label = true, PredictedLabel = true, Score = 1, Probability = 0.8f },
            new Scored { Label = false, PredictedLabel = true, Score = 9, Probability = 1f },
        });

        IReadOnlyList<double> values = Metric.Evaluate(context, LearningTask.Binary, scored);

        Assert.Equal(0.5, values[0]);
        Assert.Equal((-Math.Log(0.8) - Math.Log(1e-15)) / 2, values[3], 1e-6);
    }

    private sealed class Scored
    {
        public bool Label { get; set; }

        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }
    }
}
