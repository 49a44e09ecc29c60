using System.Security.Cryptography;
using BpTrainer.ML;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Benchmarks;

/// <summary>
/// Hashes of the scores of fitted models, one a configuration: a change that must not change any result prints the same lines before and
/// after, on the same processor.
/// </summary>
internal static class ModelHashes
{
    private const int Features = 5;
    private const int Classes = 3;

    /// <summary>Fits every configuration and prints its hash.</summary>
    public static void Print(TextWriter output)
    {
        var context = new MLContext(1);
        IDataView data = View(context, 600, seed: 1, missing: false);
        IDataView gaps = View(context, 600, seed: 1, missing: true);
        IDataView test = View(context, 100, seed: 2, missing: false);

        RegressionCatalog.RegressionTrainers regression = context.Regression.Trainers;
        foreach ((string name, IEstimator<ITransformer> trainer) in new (string, Func<IEstimator<ITransformer>>)[]
        {
            ("default", () => One(new())),
            ("weighted", () => One(new() { ExampleWeightColumnName = nameof(Sample.Weight) })),
            ("streamed", () => One(new() { MaximumMemory = 9000 })),
            ("grouped", () => One(new() { RowGroupColumnName = nameof(Sample.Group) })),
            ("ensemble", () => One(new() { Ensemble = 3 })),
            ("restarts", () => One(new() { Ensemble = Ensemble.BestOf(3) })),
            ("vector", () => Several(new() { LabelColumnName = nameof(Sample.Labels) })),
            ("quantiles", () => Several(new() { Loss = Loss.Quantiles(0.1, 0.5, 0.9) })),
            ("poisson", () => One(new() { LabelColumnName = nameof(Sample.Count), Loss = Loss.Poisson })),
            ("huber", () => One(new() { Loss = Loss.Huber(1) })),
            ("two-layers", () => One(new() { HiddenLayers = HiddenLayers.Of(Activation.ReLU, 20, 10) })),
            ("l-bfgs", () => One(new() { Optimizer = Optimizer.Lbfgs() })),
            ("scaled-conjugate-gradient", () => One(new() { Optimizer = Optimizer.ScaledConjugateGradient() })),
            ("adaptive", () => One(new() { Optimizer = Optimizer.AdaptiveMomentum() })),
        }.Select(one => (one.Item1, one.Item2())))
        {
            output.WriteLine($"regression-{name} {Hash(trainer.Fit(data).Transform(test))}");
        }

        var imputing = new BackPropagationRegressionTrainer.Options { NumberOfEpochs = 15, ImputeMissingFeatures = true };
        output.WriteLine($"regression-imputing {Hash(regression.BackPropagation(imputing).Fit(gaps).Transform(gaps))}");
        output.WriteLine($"regression-missing {Hash(regression.BackPropagation(numberOfEpochs: 15).Fit(gaps).Transform(gaps))}");
        var first = regression.BackPropagation(numberOfEpochs: 5).Fit(data);
        output.WriteLine(
            $"regression-continued {Hash(regression.BackPropagation(numberOfEpochs: 5).Fit(data, null, first).Transform(test))}");

        IEstimator<ITransformer> One(BackPropagationRegressionTrainer.Options options)
        {
            options.NumberOfEpochs = 15;
            return regression.BackPropagation(options);
        }

        IEstimator<ITransformer> Several(BackPropagationMultiOutputTrainer.Options options)
        {
            options.NumberOfEpochs = 15;
            return regression.MultiOutputBackPropagation(options);
        }

        foreach ((string name, BackPropagationBinaryTrainer.Options options) in new (string, BackPropagationBinaryTrainer.Options)[]
        {
            ("default", new()),
            ("balanced", new() { ClassWeights = ClassWeights.Balanced }),
            ("streamed", new() { MaximumMemory = 9000 }),
        })
        {
            (options.NumberOfEpochs, options.LabelColumnName) = (15, nameof(Sample.Sign));
            output.WriteLine(
                $"binary-{name} {Hash(context.BinaryClassification.Trainers.BackPropagation(options).Fit(data).Transform(test))}");
        }

        foreach ((string name, BackPropagationMulticlassTrainer.Options options) in new (string, BackPropagationMulticlassTrainer.Options)[]
        {
            ("default", new()),
            ("balanced", new() { ClassWeights = ClassWeights.Balanced }),
            ("smoothed", new() { LabelSmoothing = 0.1 }),
            ("streamed", new() { MaximumMemory = 9000 }),
            ("grouped", new() { RowGroupColumnName = nameof(Sample.Group) }),
        })
        {
            (options.NumberOfEpochs, options.LabelColumnName) = (15, nameof(Sample.Class));
            output.WriteLine(
                $"multiclass-{name} {Hash(context.MulticlassClassification.Trainers.BackPropagation(options).Fit(data).Transform(test))}");
        }
    }

    private static string Hash(IDataView scored)
    {
        IEnumerable<float> scores = scored.Schema["Score"].Type is VectorDataViewType
            ? scored.GetColumn<float[]>("Score").SelectMany(row => row)
            : scored.GetColumn<float>("Score");
        return Convert.ToHexString(SHA256.HashData([.. scores.SelectMany(BitConverter.GetBytes)]))[..16];
    }

    private static IDataView View(MLContext context, int rows, int seed, bool missing)
    {
        float[] inputs = SyntheticData.Inputs(rows, Features, seed);
        float[] numbers = SyntheticData.Numbers(inputs, Features, 2, seed: 7);
        int[] classes = SyntheticData.Classes(inputs, Features, Classes, seed: 7);
        return context.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(row => new Sample
        {
            Features =
            [
                .. inputs[(row * Features)..((row + 1) * Features)].Select((x, c) => missing && (row + c) % 11 == 0 ? float.NaN : x)
            ],
            Label = numbers[2 * row],
            Labels = numbers[(2 * row)..((2 * row) + 2)],
            Count = MathF.Round((numbers[2 * row] + 1) * 4),
            Sign = numbers[2 * row] > 0,
            Class = (uint)classes[row] + 1,
            Weight = 1 + (row % 3),
            Group = $"g{row / 7}",
        }).ToArray());
    }

    private sealed class Sample
    {
        [VectorType(ModelHashes.Features)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        [VectorType(2)]
        public float[] Labels { get; set; } = [];

        public float Count { get; set; }

        public bool Sign { get; set; }

        [KeyType(Classes)]
        public uint Class { get; set; }

        public float Weight { get; set; }

        public string Group { get; set; } = "";
    }
}
