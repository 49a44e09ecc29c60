namespace BpTrainer.Examples;

/// <summary>Rows of a problem as the engine wants them: two matrices of floats.</summary>
internal static class EngineData
{
    /// <summary>
    /// Inputs are the numeric columns. Targets are the number to predict; 0 or 1 for two classes; for more a one-hot row.
    /// </summary>
    public static DataSet<float> From(Problem problem, ReadOnlySpan<int> rows)
    {
        int columns = problem.NumberColumns.Count;
        int outputs = OutputsOf(problem);
        var inputs = new float[rows.Length * columns];
        var targets = new float[rows.Length * outputs];
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            problem.Numbers[row].CopyTo(inputs, i * columns);
            switch (problem.Task)
            {
                case LearningTask.Regression:
                    targets[i] = problem.Targets[row];
                    break;
                case LearningTask.Binary:
                    targets[i] = problem.Classes[row];
                    break;
                default:
                    targets[(i * outputs) + problem.Classes[row]] = 1;
                    break;
            }
        }

        return new DataSet<float>(inputs, columns, targets, outputs);
    }

    /// <summary>The outputs of a network for the problem: one a class if there are more than two, else one.</summary>
    public static int OutputsOf(Problem problem) => problem.Task == LearningTask.Multiclass ? problem.ClassNames.Count : 1;
}
