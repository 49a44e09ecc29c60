namespace BpTrainer.Losses;

/// <summary>
/// The lowest loss of a constant prediction: a network must have a lower loss to have learned anything from its inputs. The best constant
/// is the mean of the targets (for probabilities with class weights and label smoothing), the median for absolute errors, the quantile for
/// quantile losses, and a value between mean and median for Huber's loss.
/// </summary>
internal static class ConstantLoss
{
    /// <summary>A network whose loss is at least this share of the constant's loss is hardly better than the constant.</summary>
    public const double HardlyBetter = 0.95;

    /// <summary>The mean loss over the samples, with targets scaled like the network scales them.</summary>
    public static double Of<T>(Loss loss, DataSet<T> samples, ColumnScaling? scaling)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Of<T>(loss, ConstantSample.Take(samples, first: 0, samples.Rows), samples.TargetColumns, scaling);

    /// <summary>The mean loss over the samples of a <see cref="ConstantSample"/>.</summary>
    public static unsafe double Of<T>(Loss loss, ReadOnlySpan<T> sample, int columns, ColumnScaling? scaling)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = sample.Length / (columns + 1);
        var targets = new double[rows * columns];
        var weights = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<T> numbers = sample.Slice(row * (columns + 1), columns + 1);
            weights[row] = double.CreateTruncating(numbers[columns]);
            for (int c = 0; c < columns; c++)
            {
                double target = double.CreateTruncating(numbers[c]);
                targets[(row * columns) + c] = scaling is null ? target : (target - scaling.Offsets[c]) * scaling.Scales[c];
            }
        }

        var output = new double[columns];
        var netInput = new double[columns];
        for (int c = 0; c < columns; c++)
        {
            output[c] = Center(loss, targets, weights, columns, c);
            netInput[c] = NetInput(loss, output[c]);
        }

        var delta = new double[columns];
        var losses = new double[rows];
        fixed (double* z = netInput, a = output, error = delta, y = targets, factor = weights, result = losses)
        {
            // Every row reads the same outputs: their stride is 0.
            loss.CreateFunction<double>(new LayerSpec(columns, MatchedOutput(loss))).Evaluate(new LossRows<double>
            {
                NetInput = z,
                Output = a,
                Delta = error,
                Target = y,
                Factor = factor,
                Loss = result,
                Stride = 0,
                Rows = rows,
                Columns = columns,
            });
        }

        return losses.Sum() / rows;
    }

    /// <summary>The best constant of a column.</summary>
    private static double Center(Loss loss, double[] targets, double[] weights, int columns, int c)
    {
        var values = new double[weights.Length];
        var shares = new double[weights.Length];
        for (int row = 0; row < values.Length; row++)
        {
            ReadOnlySpan<double> ofRow = targets.AsSpan(row * columns, columns);
            values[row] = ofRow[c];
            shares[row] = weights[row] * ClassWeight(loss, ofRow, c);
        }

        return loss switch
        {
            AbsoluteErrorLoss => Median(values, shares),
            HuberLoss huber => Balance(values, shares, huber.Delta),
            QuantileLoss quantile => Quantile(values, shares, quantile.Tau),
            QuantilesLoss quantiles => Quantile(values, shares, quantiles.Taus[c]),
            BinaryCrossEntropyLoss binary => Probability(values, shares, binary.LabelSmoothing, classes: 2),
            CrossEntropyLoss categorical => Probability(values, shares, categorical.LabelSmoothing, columns),
            PoissonLoss => Rounding.KeepPositive(Mean(values, shares)),
            _ => Mean(values, shares),
        };
    }

    private static double ClassWeight(Loss loss, ReadOnlySpan<double> targets, int c)
    {
        if (loss is not CrossEntropyLoss { ClassWeights: { } ofClasses })
        {
            return 1;
        }

        if (loss is BinaryCrossEntropyLoss)
        {
            return ofClasses[0] + (targets[c] * (ofClasses[1] - ofClasses[0]));
        }

        double weight = 0;
        for (int k = 0; k < targets.Length; k++)
        {
            weight += targets[k] * ofClasses[k];
        }

        return weight;
    }

    public static double Mean(double[] values, double[] weights)
    {
        double sum = 0, total = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += values[i] * weights[i];
            total += weights[i];
        }

        return sum / total;
    }

    public static double Median(double[] values, double[] weights) => Quantile([.. values], [.. weights], 0.5);

    private static double Probability(double[] values, double[] weights, double smoothing, int classes) =>
        Rounding.KeepProbability(((1 - smoothing) * Mean(values, weights)) + (smoothing / classes));

    /// <summary>The first value up to which the values have this share of the total weight; sorts both arrays.</summary>
    private static double Quantile(double[] values, double[] weights, double share)
    {
        Array.Sort(values, weights);
        double left = share * weights.Sum();
        for (int i = 0; i < values.Length; i++)
        {
            left -= weights[i];
            if (left <= 0)
            {
                return values[i];
            }
        }

        return values[^1];
    }

    /// <summary>
    /// The a at which the slopes of Huber's loss cancel out: Σ wᵢ min(max(a − yᵢ, −δ), δ) = 0. The sum increases with a, so bisection finds
    /// it.
    /// </summary>
    private static double Balance(double[] values, double[] weights, double delta)
    {
        double low = values.Min(), high = values.Max(), middle = low + ((high - low) / 2);
        while (middle > low && middle < high)
        {
            bool isTooHigh = values.Zip(weights, (value, weight) => weight * Math.Clamp(middle - value, -delta, delta)).Sum() > 0;
            (low, high) = isTooHigh ? (low, middle) : (middle, high);
            middle = low + ((high - low) / 2);
        }

        return middle;
    }

    private static Activation MatchedOutput(Loss loss) => loss switch
    {
        BinaryCrossEntropyLoss => Activation.Logistic,
        CrossEntropyLoss => Activation.Softmax,
        PoissonLoss => Activation.Exponential,
        _ => Activation.Linear,
    };

    /// <summary>The net input for which the matched activation has this output.</summary>
    private static double NetInput(Loss loss, double output) => loss switch
    {
        BinaryCrossEntropyLoss => Math.Log(output / (1 - output)),
        CrossEntropyLoss or PoissonLoss => Math.Log(output),
        _ => output,
    };
}

/// <summary>
/// The targets and weights of validation samples, from which the best constant is found: all of them up to a million numbers, otherwise
/// some at equal distances. Memory and messages stay small for any number of samples.
/// </summary>
internal static class ConstantSample
{
    private const int MostNumbers = 1 << 20;
    private const int FewestRows = 1024;

    /// <summary>
    /// Returns the targets and the weight of each selected sample of a set, whose samples are those from <paramref name="first"/> on of
    /// <paramref name="total"/> samples.
    /// </summary>
    public static T[] Take<T>(DataSet<T> samples, long first, long total) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = samples.TargetColumns;
        long taken = Math.Min(total, Math.Max(MostNumbers / (columns + 1), FewestRows));
        long end = Place(first + samples.Rows);
        var numbers = new T[(end - Place(first)) * (columns + 1)];
        Span<T> to = numbers;
        for (long i = Place(first); i < end; i++)
        {
            int row = (int)((long)((Int128)i * total / taken) - first);
            samples.TargetRow(row).CopyTo(to);
            to[columns] = samples.Weight(row) * samples.WeightScale;
            to = to[(columns + 1)..];
        }

        return numbers;

        // The first selected sample at or after a sample.
        long Place(long sample) => (long)((((Int128)sample * taken) + total - 1) / total);
    }
}
