using System.Buffers;

namespace BpTrainer.ML.Models;

/// <summary>
/// The log-odds of the mean probability of several networks: ln(Σ σ(zₖ) / Σ σ(−zₖ)), where zₖ is the net input of the output of
/// network k. Computed from both sums it keeps its digits where the mean probability rounds to 0 or 1.
/// </summary>
internal static class MeanLogOdds
{
    /// <summary>Scores samples: inputs are rows × inputs of the networks, row after row, and scores has a number a row.</summary>
    public static void Predict(IReadOnlyList<Network<float>> networks, ReadOnlySpan<float> inputs, Span<float> scores, int rows) =>
        Predict(networks, inputs, sparse: null, scores, rows);

    /// <summary>Scores samples of which most inputs are 0.</summary>
    public static void Predict(IReadOnlyList<Network<float>> networks, SparseMatrix<float> inputs, Span<float> scores) => Predict(networks, [], inputs, scores, inputs.Rows);

    private static void Predict(IReadOnlyList<Network<float>> networks, ReadOnlySpan<float> inputs, SparseMatrix<float>? sparse, Span<float> scores, int rows)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(2 * rows);
        Span<double> yes = rented.AsSpan(0, rows);
        Span<double> no = rented.AsSpan(rows, rows);
        yes.Clear();
        no.Clear();
        foreach (Network<float> network in networks)
        {
            if (sparse is null)
            {
                network.PredictNetInput(inputs, scores, rows);
            }
            else
            {
                network.PredictNetInput(sparse, scores);
            }

            for (int row = 0; row < rows; row++)
            {
                yes[row] += 1 / (1 + Math.Exp(-(double)scores[row]));
                no[row] += 1 / (1 + Math.Exp((double)scores[row]));
            }
        }

        for (int row = 0; row < rows; row++)
        {
            scores[row] = (float)Math.Log(yes[row] / no[row]);
        }

        ArrayPool<double>.Shared.Return(rented);
    }
}
