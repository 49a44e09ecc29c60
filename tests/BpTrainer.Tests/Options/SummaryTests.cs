using BpTrainer.Data;
using BpTrainer.Training;

namespace BpTrainer.Tests.Options;

/// <summary>A network says what it is made of, and a trainer what memory it will take.</summary>
public class SummaryTests
{
    [Fact]
    public void ASummaryListsTheLayers()
    {
        Network<float> network = new NetworkBuilder(4)
            .Add(5, Activation.PReLU())
            .Add(new LayerSpec(3, Activation.LeakyReLU()) { Bias = BiasKind.Shared })
            .Add(new LayerSpec(2, Activation.Softmax) { Bias = BiasKind.Frozen })
            .ScaleInputs(new ColumnScaling([0, 0, 0, 0], [1, 1, 1, 1]))
            .Build<float>();

        // Stored: 5 rows of 16, then 3 and 2 rows of 16; 16 biases a layer and 16 slopes.
        Assert.Equal(
            """
            4 inputs, scaled
            layer 1: 5 prelu(0.25), 20 weights, 5 biases, 5 slopes
            layer 2: 3 leaky-relu(0.01), 15 weights, 1 shared bias
            layer 3: 2 softmax, 6 weights, 2 frozen biases
            2 outputs
            54 parameters in 896 B
            """.ReplaceLineEndings("\n"),
            network.Summary());
        Assert.Equal(20 + 5 + 5 + 15 + 1 + 6 + 2, network.ParameterCount);
    }

    [Theory]
    [InlineData(1000, 0, 500, false, "momentum")]
    [InlineData(1000, 400, 500, false, "momentum")]
    [InlineData(3000, 0, 2000, false, "gradient-descent")]
    [InlineData(3000, 0, 2000, true, "momentum")]
    [InlineData(300, 0, 300, true, "gradient-descent")]
    [InlineData(500, 0, 1, false, "momentum")]
    [InlineData(500, 300, 1, false, "gradient-descent")]
    [InlineData(500, 0, 100, false, "momentum", 1.0)]
    [InlineData(500, 0, 1, false, "momentum", 1.0)]
    [InlineData(1000, 0, 500, false, "momentum", null, 0.5)]
    [InlineData(500, 300, 100, false, "momentum", null, 0.5)]
    public void TheMemoryEstimatedIsWhatATrainingTakes(
        int rows, int validationRows, int batchSize, bool adaptive, string optimizer, double? clipNorm = null, double dropout = 0)
    {
        Network<float> network = new NetworkBuilder(300)
            .Add(400, Activation.PReLU()).Add(300, Activation.Tanh).Add(200, Activation.Mish).Add(5, Activation.Linear).Build<float>();
        var options = new TrainingOptions
        {
            BatchSize = batchSize,
            NumberOfThreads = 1,
            Regularization = new() { ClipNorm = clipNorm, HiddenDropout = [dropout], InputDropout = dropout },
            Optimizer = (optimizer, adaptive) switch
            {
                ("momentum", false) => Optimizer.Momentum(),
                ("momentum", true) => Optimizer.AdaptiveMomentum(),
                (_, false) => Optimizer.GradientDescent(),
                (_, true) => Optimizer.AdaptiveGradientDescent(),
            },
        };
        DataSet<float> training = Samples.Random<float>(1, rows, 300, 5);
        DataSet<float>? validation = validationRows == 0 ? null : Samples.Random<float>(2, validationRows, 300, 5);
        var memory = TrainingMemory.Of<float>(network.Layouts, options, rows, validationRows);

        Assert.Equal(network.Parameters.Length * 4L, memory.Parameters);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var loop = new EpochLoop<float>(new RowParts<float>(network, options, new InMemoryRows<float>(training), validation));
        double taken = GC.GetAllocatedBytesForCurrentThread() - before;

        // The parameters are there already; the rest is buffers of a few MB, orders of samples and small objects of some 50 kB.
        Close.Absolute(memory.Total - memory.Parameters, taken, 100_000, "bytes");
    }

    [Fact]
    public void TheMemoryOfALongHistoryIsANumber()
    {
        Network<double> network = Networks.OneWeight();
        TrainingOptions options =
            new TrainingOptions { BatchSize = TrainingOptions.FullBatch }.With(Optimizer.Lbfgs(history: int.MaxValue));
        TrainingMemory memory = TrainingMemory.Of<double>(network.Layouts, options, trainingRows: 1, validationRows: 0);
        Assert.Equal(network.Parameters.Length * ((2L * int.MaxValue) + 4) * sizeof(double), memory.Optimizer);
    }

    [Fact]
    public void FiguresComeInWords()
    {
        var memory = new TrainingMemory(Parameters: 999, Copies: 1500, Gradient: 0, Optimizer: 2_500_000, Workspace: 3_000_000_000);
        Assert.Equal(
            "3.0 GB: parameters 999 B, copies of them 1.5 kB, gradient 0 B, optimizer 2.5 MB, workspace of a batch 3.0 GB",
            memory.ToString());
        Assert.Equal(999 + 1500 + 2_500_000 + 3_000_000_000, memory.Total);
    }
}
