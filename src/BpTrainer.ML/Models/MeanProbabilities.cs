using System.Buffers;
using BpTrainer.ML.Training;

namespace BpTrainer.ML.Models;

/// <summary>
/// The log-odds of the mean probability of several networks, for each output separately: ln(Σ wₖ σ(uₖ) / Σ wₖ σ(−uₖ)), where uₖ is the
/// log-odds of network k and wₖ its weight. Because both sums are computed, it stays accurate where the mean probability rounds to 0 or 1.
/// </summary>
internal static class MeanLogOdds
{
    /// <summary>The probability for these log-odds.</summary>
    public static float Probability(float logOdds) => 1 / (1 + MathF.Exp(-logOdds));

    /// <summary>Scores dense or sparse rows × inputs of the networks; the result is rows × outputs.</summary>
    public static void Predict(
        NetworkEnsemble<float> ensemble, ReadOnlySpan<float> dense, SparseMatrix<float>? sparse, Span<float> scores, int rows)
    {
        if (ensemble.Networks is [var alone])
        {
            PredictOf(alone, dense, sparse, scores, rows);
            return;
        }

        double[] rented = ArrayPool<double>.Shared.Rent(2 * scores.Length);
        Span<double> yes = rented.AsSpan(0, scores.Length);
        Span<double> no = rented.AsSpan(scores.Length, scores.Length);
        yes.Clear();
        no.Clear();
        for (int k = 0; k < ensemble.Networks.Count; k++)
        {
            double weight = ensemble.Weights[k];
            PredictOf(ensemble.Networks[k], dense, sparse, scores, rows);
            for (int i = 0; i < scores.Length; i++)
            {
                yes[i] += weight / (1 + Math.Exp(-(double)scores[i]));
                no[i] += weight / (1 + Math.Exp((double)scores[i]));
            }
        }

        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = (float)Math.Log(yes[i] / no[i]);
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>The log-odds of one network, whose output units are sigmoids.</summary>
    public static void PredictOf(
        Network<float> network, ReadOnlySpan<float> dense, SparseMatrix<float>? sparse, Span<float> scores, int rows)
    {
        if (sparse is null)
        {
            network.PredictNetInput(dense, scores, rows);
        }
        else
        {
            network.PredictNetInput(sparse, scores);
        }

        float slope = (float)ProbabilityOutput.LogOddsSlope(network.Layers[^1].Activation)!.Value;
        for (int i = 0; slope != 1 && i < scores.Length; i++)
        {
            scores[i] *= slope;
        }
    }
}

/// <summary>
/// Class probabilities from output units that give each class its own probability: the probabilities of a network are divided by their sum,
/// and several networks predict the weighted mean of the quotients.
/// </summary>
internal static class SharesOfClasses
{
    /// <summary>Scores dense or sparse rows × inputs of the networks; the result is rows × classes.</summary>
    public static void Predict(
        NetworkEnsemble<float> ensemble, ReadOnlySpan<float> dense, SparseMatrix<float>? sparse, Span<float> scores, int rows)
    {
        int classes = ensemble.Outputs;
        double[] rented = ArrayPool<double>.Shared.Rent(scores.Length);
        Span<double> sums = rented.AsSpan(0, scores.Length);
        sums.Clear();
        var shares = new double[classes];
        for (int k = 0; k < ensemble.Networks.Count; k++)
        {
            MeanLogOdds.PredictOf(ensemble.Networks[k], dense, sparse, scores, rows);
            for (int first = 0; first < scores.Length; first += classes)
            {
                Divide(scores.Slice(first, classes), shares);
                for (int c = 0; c < classes; c++)
                {
                    sums[first + c] += ensemble.Weights[k] * shares[c];
                }
            }
        }

        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = (float)sums[i];
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>
    /// shares ← σ(u) / Σ σ(u), computed from logarithms so that the sum is not 0 if all probabilities are tiny: ln σ(u) = min(u, 0) − ln(1
    /// + e^(−|u|)).
    /// </summary>
    private static void Divide(ReadOnlySpan<float> logOdds, Span<double> shares)
    {
        double largest = double.NegativeInfinity, sum = 0;
        for (int c = 0; c < shares.Length; c++)
        {
            double u = logOdds[c];
            shares[c] = Math.Min(u, 0) - double.LogP1(Math.Exp(-Math.Abs(u)));
            largest = Math.Max(largest, shares[c]);
        }

        for (int c = 0; c < shares.Length; c++)
        {
            shares[c] = Math.Exp(shares[c] - largest);
            sum += shares[c];
        }

        for (int c = 0; c < shares.Length; c++)
        {
            shares[c] /= sum;
        }
    }
}
