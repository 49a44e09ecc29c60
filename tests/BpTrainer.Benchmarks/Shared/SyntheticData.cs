namespace BpTrainer.Benchmarks;

/// <summary>
/// Made-up samples that a network can learn something from: inputs uniform in [−1, 1), and targets that follow from random
/// weighted sums s of the inputs, of variance 1: sin 2s for a number, the largest of them for a class.
/// </summary>
internal static class SyntheticData
{
    /// <summary>rows × columns inputs. The same seed gives the same numbers.</summary>
    public static float[] Inputs(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var inputs = new float[checked(rows * columns)];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = (random.NextSingle() * 2) - 1;
        }

        return inputs;
    }

    /// <summary>The class of each row, from 0.</summary>
    public static int[] Classes(float[] inputs, int columns, int classes, int seed)
    {
        float[] sums = WeightedSums(inputs, columns, classes, seed);
        var labels = new int[inputs.Length / columns];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> s = sums.AsSpan(row * classes, classes);
            for (int c = 1; c < classes; c++)
            {
                labels[row] = s[c] > s[labels[row]] ? c : labels[row];
            }
        }

        return labels;
    }

    /// <summary>rows × outputs numbers in [−1, 1].</summary>
    public static float[] Numbers(float[] inputs, int columns, int outputs, int seed) =>
        Array.ConvertAll(WeightedSums(inputs, columns, outputs, seed), s => MathF.Sin(2 * s));

    /// <summary>The samples for a network.</summary>
    public static DataSet<float> For(NetShape shape, int rows, int seed)
    {
        float[] inputs = Inputs(rows, shape.Inputs, seed);
        if (!shape.IsMulticlass)
        {
            return new DataSet<float>(inputs, shape.Inputs, Numbers(inputs, shape.Inputs, shape.Outputs, seed), shape.Outputs);
        }

        var oneHot = new float[checked(rows * shape.Outputs)];
        int[] classes = Classes(inputs, shape.Inputs, shape.Outputs, seed);
        for (int row = 0; row < rows; row++)
        {
            oneHot[(row * shape.Outputs) + classes[row]] = 1;
        }

        return new DataSet<float>(inputs, shape.Inputs, oneHot, shape.Outputs);
    }

    private static float[] WeightedSums(float[] inputs, int columns, int sums, int seed)
    {
        // Weights and inputs are uniform in [−1, 1), of variance 1/3 each: a sum of n products has variance n/9.
        float[] weights = Inputs(sums, columns, unchecked(seed + 1));
        float scale = 3 / MathF.Sqrt(columns);
        var result = new float[checked(inputs.Length / columns * sums)];
        for (int i = 0; i < result.Length; i++)
        {
            ReadOnlySpan<float> row = inputs.AsSpan(i / sums * columns, columns);
            ReadOnlySpan<float> weight = weights.AsSpan(i % sums * columns, columns);
            float sum = 0;
            for (int c = 0; c < columns; c++)
            {
                sum += row[c] * weight[c];
            }

            result[i] = scale * sum;
        }

        return result;
    }
}
