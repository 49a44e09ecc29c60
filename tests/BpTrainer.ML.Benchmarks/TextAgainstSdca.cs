using System.Diagnostics;
using System.Text.Json.Nodes;
using BpTrainer.ML;
using BpTrainer.Training;
using Microsoft.ML;

namespace BpTrainer.Benchmarks;

/// <summary>
/// Fits FeaturizeText and a binary trainer with default options to short texts, beside the same with Sdca's logistic regression.
/// </summary>
/// <remarks>
/// A text has 5 to 15 words. Word k of the vocabulary comes up with a probability in proportion to 1 / k (Zipf), times e^(±lean) for the
/// two
/// classes, where every word has a random lean with mean 0. The trainers learn from the texts and are tested on a quarter as many more. The
/// line has: texts, features (the columns of FeaturizeText), epochs, fit_seconds and sdca_seconds (FeaturizeText included), score_seconds
/// for the
/// texts of the test, accuracy and sdca_accuracy, and peak_bytes, the peak of the whole process before the fit of Sdca.
/// </remarks>
internal static class TextAgainstSdca
{
    private const int Seed = 1;
    private const double Lean = 0.8;
    private const int Letters = 26;

    /// <summary>Makes the texts, and learns from them.</summary>
    public static JsonObject Measure(int texts, int vocabulary)
    {
        var context = new MLContext(Seed);
        Text[] all = Make(texts + (texts / 4), vocabulary);
        IDataView train = context.Data.LoadFromEnumerable(all[..texts]);
        IDataView test = context.Data.LoadFromEnumerable(all[texts..]);
        var featurize = context.Transforms.Text.FeaturizeText("Features", nameof(Text.Words));

        long start = Stopwatch.GetTimestamp();
        var fitted = featurize.Append(context.BinaryClassification.Trainers.BackPropagation()).Fit(train);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        BackPropagationBinaryModelParameters model = fitted.LastTransformer.Model;
        long scoring = Stopwatch.GetTimestamp();
        double accuracy = context.BinaryClassification.Evaluate(fitted.Transform(test)).Accuracy;
        double scoringSeconds = Stopwatch.GetElapsedTime(scoring).TotalSeconds;
        long peak = Process.GetCurrentProcess().PeakWorkingSet64;

        start = Stopwatch.GetTimestamp();
        ITransformer sdca = featurize.Append(context.BinaryClassification.Trainers.SdcaLogisticRegression()).Fit(train);
        double sdcaSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new JsonObject
        {
            ["texts"] = texts,
            ["features"] = model.Network.Inputs,
            ["epochs"] = model.History.Count,
            ["fit_seconds"] = Math.Round(seconds, 3),
            ["score_seconds"] = Math.Round(scoringSeconds, 3),
            ["accuracy"] = accuracy,
            ["sdca_seconds"] = Math.Round(sdcaSeconds, 3),
            ["sdca_accuracy"] = context.BinaryClassification.Evaluate(sdca.Transform(test)).Accuracy,
            ["peak_bytes"] = peak,
        };
    }

    private static Text[] Make(int count, int vocabulary)
    {
        var random = new Random(Seed);
        var sums = new double[2][];
        double[] leans = [.. Enumerable.Range(0, vocabulary).Select(_ => Lean * ((2 * random.NextDouble()) - 1))];
        for (int c = 0; c < sums.Length; c++)
        {
            double sum = 0;
            sums[c] = [.. leans.Select((lean, k) => sum += Math.Exp(c == 0 ? -lean : lean) / (k + 1))];
        }

        return [.. Enumerable.Range(0, count).Select(_ => MakeText(random, sums))];
    }

    private static Text MakeText(Random random, double[][] sums)
    {
        int c = random.Next(2);
        IEnumerable<string> words = Enumerable.Range(0, random.Next(5, 16)).Select(_ =>
        {
            int place = Array.BinarySearch(sums[c], random.NextDouble() * sums[c][^1]);
            return Word(place < 0 ? ~place : place);
        });
        return new Text { Label = c == 1, Words = string.Join(' ', words) };
    }

    /// <summary>A word for a number: its digits in syllables, scrambled so that like numbers have unlike words.</summary>
    private static string Word(int number)
    {
        var random = new Random(number);
        return string.Concat(Enumerable.Range(0, random.Next(3, 9)).Select(_ => (char)('a' + random.Next(Letters))));
    }

    private sealed class Text
    {
        public bool Label { get; init; }

        public required string Words { get; init; }
    }
}
