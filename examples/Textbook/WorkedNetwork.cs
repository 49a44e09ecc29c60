using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Textbook;

/// <summary>
/// A worked example: one hidden layer, logistic units, E = ½Σ(y − a)², given weights, given biases that are not trained, one sample, η =
/// 0.5.
/// </summary>
/// <param name="Hidden">W, from the inputs to the hidden units: inputs × hidden units.</param>
/// <param name="HiddenBias">The bias of every hidden unit.</param>
/// <param name="Output">V, from the hidden units to the outputs: hidden units × outputs.</param>
/// <param name="OutputBias">The bias of every output.</param>
/// <param name="X">The inputs of the sample.</param>
/// <param name="Y">Its targets.</param>
internal sealed record WorkedNetwork(double[,] Hidden, double HiddenBias, double[,] Output, double OutputBias, double[] X, double[] Y)
{
    private static readonly Optimizer s_optimizer = Optimizer.GradientDescent(0.5);

    public static Loss Loss { get; } = Loss.HalfSquaredError;

    /// <summary>Whether the biases are frozen or trained.</summary>
    public BiasKind Bias { get; init; } = BiasKind.Frozen;

    public DataSet<double> Sample => new(X, X.Length, Y, Y.Length);

    public Network<double> Build() =>
        new NetworkBuilder(X.Length).Add(Layer(Hidden, HiddenBias)).Add(Layer(Output, OutputBias)).Build<double>();

    /// <summary>Returns the network after a number of updates.</summary>
    public Network<double> After(int updates)
    {
        Network<double> network = Build();
        Trainer(network, updates).Train(Sample);
        return network;
    }

    public static NetworkTrainer<double> Trainer(Network<double> network, int updates) => new(network, new TrainingOptions
    {
        Loss = Loss,
        Optimizer = s_optimizer,
        BatchSize = 1,
        Epochs = updates,
    });

    /// <summary>Returns the predictions of the ML.NET model after a number of updates, with the same values as options.</summary>
    public float[] ScoreOfMLNet(int updates)
    {
        var mlContext = new MLContext();
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, X.Length);
        schema[nameof(Row.Label)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Y.Length);
        var row = new Row { Features = Array.ConvertAll(X, x => (float)x), Label = Array.ConvertAll(Y, y => (float)y) };
        IDataView data = mlContext.Data.LoadFromEnumerable([row], schema);
        LayerSpec hidden = Layer(Hidden, HiddenBias), output = Layer(Output, OutputBias);
        var options = new BackPropagationMultiOutputTrainer.Options(Preset.Textbook)
        {
            HiddenLayers = [hidden],
            OutputActivation = output.Activation,
            OutputInitializer = output.Initializer!,
            OutputBias = output.Bias,
            Optimizer = s_optimizer,
            BatchSize = 1,
            NumberOfEpochs = updates,
        };
        var model = mlContext.Regression.Trainers.MultiOutputBackPropagation(options).Fit(data);
        return model.Transform(data).GetColumn<float[]>("Score").Single();
    }

    private LayerSpec Layer(double[,] weights, double bias) => new(weights.GetLength(1), Activation.Logistic)
    {
        Initializer = Initializer.Given(weights).WithBiases(bias),
        Bias = Bias,
    };

    private sealed class Row
    {
        public float[] Features { get; init; } = [];

        public float[] Label { get; init; } = [];
    }
}
