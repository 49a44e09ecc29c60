namespace BpTrainer.Examples.AutoEncoder;

/// <summary>The directions in which the rows vary most. No other linear code with the same number of values restores the rows
/// better.</summary>
internal sealed class PrincipalComponents
{
    private const int Rounds = 300;

    private readonly double[] _mean;
    private readonly double[][] _directions;

    private PrincipalComponents(double[] mean, double[][] directions) => (_mean, _directions) = (mean, directions);

    /// <summary>
    /// Finds the first components of rows by orthogonal iteration: directions that are multiplied by the covariance matrix again and again
    /// turn towards those of the largest variance, if each is kept orthogonal to the ones before it.
    /// </summary>
    public static PrincipalComponents Of(float[] values, int columns, int count)
    {
        double[][] rows = [.. values.Chunk(columns).Select(row => Array.ConvertAll(row, x => (double)x))];
        double[] mean = [.. Enumerable.Range(0, columns).Select(c => rows.Average(row => row[c]))];
        double[][] centred = [.. rows.Select(row => row.Zip(mean, (x, m) => x - m).ToArray())];
        double[][] covariance = [.. Enumerable.Range(0, columns).Select(i =>
            Enumerable.Range(0, columns).Select(j => centred.Average(row => row[i] * row[j])).ToArray())];

        var random = new Random(1);
        double[][] directions =
        [
            .. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, columns).Select(_ => random.NextDouble() - 0.5).ToArray())
        ];
        for (int round = 0; round < Rounds; round++)
        {
            for (int k = 0; k < count; k++)
            {
                double[] turned = [.. covariance.Select(line => Dot(line, directions[k]))];
                foreach (double[] before in directions.Take(k))
                {
                    double share = Dot(turned, before);
                    turned = [.. turned.Zip(before, (x, b) => x - (share * b))];
                }

                double length = Math.Sqrt(Dot(turned, turned));
                directions[k] = [.. turned.Select(x => x / length)];
            }
        }

        return new PrincipalComponents(mean, directions);
    }

    /// <summary>Restores rows from their components: the mean plus Σ d (d · (x − mean)).</summary>
    public float[] Restore(float[] values) => [.. values.Chunk(_mean.Length).SelectMany(row =>
    {
        double[] centred = [.. row.Zip(_mean, (x, m) => x - m)];
        double[] restored = [.. _mean];
        foreach (double[] direction in _directions)
        {
            double component = Dot(centred, direction);
            restored = [.. restored.Zip(direction, (x, d) => x + (component * d))];
        }

        return restored.Select(x => (float)x);
    })];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
