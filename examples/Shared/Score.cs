namespace BpTrainer.Examples;

/// <summary>Measures how good a network is on rows that it has not seen.</summary>
internal static class Score
{
    /// <summary>Returns the RMSE for a regression, otherwise the accuracy.</summary>
    public static double Of(Network<float> network, Problem problem, int[] rows)
    {
        DataSet<float> samples = EngineData.From(problem, rows);
        var outputs = new float[rows.Length * network.Outputs];
        network.Predict(samples.Inputs.Span, outputs, rows.Length);
        if (problem.Task == LearningTask.Regression)
        {
            return Math.Sqrt(rows.Select((row, i) => Math.Pow(outputs[i] - problem.Targets[row], 2)).Average());
        }

        return rows.Where((row, i) => ClassOf(outputs.AsSpan(i * network.Outputs, network.Outputs)) == problem.Classes[row])
            .Count() / (double)rows.Length;
    }

    /// <summary>Returns the predicted class. A single output is the probability of class 1; of several outputs, the largest wins.</summary>
    private static int ClassOf(ReadOnlySpan<float> outputs)
    {
        if (outputs.Length == 1)
        {
            return outputs[0] > 0.5f ? 1 : 0;
        }

        int best = 0;
        for (int c = 1; c < outputs.Length; c++)
        {
            best = outputs[c] > outputs[best] ? c : best;
        }

        return best;
    }
}
