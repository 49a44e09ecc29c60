// Compresses pictures of digits from 64 pixels to 8 numbers: a network learns to reproduce its own input through a narrow middle layer
// (Rumelhart, Hinton and Williams, 1986). The result is compared with the best linear code of 8 numbers.
using System.Text;
using BpTrainer;
using BpTrainer.Examples;
using BpTrainer.Examples.AutoEncoder;

const int Code = 8;
const int Hidden = 48;
const int Seed = 1;
const int Shown = 6;

Console.OutputEncoding = Encoding.UTF8;
try
{
    Problem problem = ExampleSets.Load("digits");
    Split split = Split.Of(problem, testFraction: 0.2, Seed, index: 0);
    float[] training = Pixels(problem, split.Training), test = Pixels(problem, split.Test);
    int pixels = problem.NumberColumns.Count;

    // Pixels go from 0 to 16. The network sees 0 to 1, and predicts 0 to 16 again.
    var scaling = new ColumnScaling(new double[pixels], [.. Enumerable.Repeat(1 / 16.0, pixels)]);
    Network<float> network = new NetworkBuilder(pixels)
        .ScaleInputs(scaling)
        .Add(Hidden, Activation.Tanh)
        .Add(Code, Activation.Linear)
        .Add(Hidden, Activation.Tanh)
        .Add(pixels, Activation.Logistic)
        .ScaleOutputs(scaling)
        .Build<float>(Seed);
    var options = new TrainingOptions
    {
        Loss = Loss.MeanSquaredError,
        Optimizer = Optimizer.Momentum(1, momentum: 0.9),
        BatchSize = 32,
        Epochs = 300,
        Seed = Seed,
    };

    Console.WriteLine($"Digits through {pixels}-{Hidden}-{Code}-{Hidden}-{pixels}: {split.Training.Length} pictures to learn, " +
        $"{split.Test.Length} to test");
    Console.WriteLine("Root of the mean squared error of a pixel, which goes from 0 to 16:");

    // The targets are the inputs.
    var trainer = new NetworkTrainer<float>(network, options);
    TrainingResult result = trainer.Train(new DataSet<float>(training, pixels, training, pixels), onEpoch: progress =>
    {
        EpochRecord epoch = progress.Epoch;
        if (epoch.Epoch is 1 or 3 or 10 or 30 or 100 or 300)
        {
            Console.WriteLine($"  epoch {epoch.Epoch,3}: {16 * Math.Sqrt(epoch.TrainingLoss),5:F3}");
        }
    });

    var restored = new float[test.Length];
    network.Predict(test, restored, split.Test.Length);
    double ours = Error(test, restored);
    double linear = Error(test, PrincipalComponents.Of(training, pixels, Code).Restore(test));
    Console.WriteLine($"{result.StopReason} after {result.History[^1].Seconds:F1} s. Test pictures:");
    Console.WriteLine($"  {Code} numbers of the network:    {ours:F3}");
    Console.WriteLine($"  {Code} principal components:      {linear:F3}");
    Console.WriteLine($"  the mean picture alone:      {Error(test, PrincipalComponents.Of(training, pixels, 0).Restore(test)):F3}");
    Console.WriteLine();
    Pictures.Write(Console.Out, test, restored, pixels, count: Shown);

    // The code of a picture is the output of the narrow layer, which is the second hidden layer.
    Network<float> encoder = network.ToEncoder(hiddenLayer: 2);
    var codes = new float[split.Test.Length * Code];
    encoder.Predict(test, codes, split.Test.Length);
    Console.WriteLine($"The codes of these pictures, by the encoder {pixels}-{Hidden}-{Code}:");
    foreach (float[] code in codes.Chunk(Code).Take(Shown))
    {
        Console.WriteLine("  " + string.Join(' ', code.Select(number => $"{number,7:F2}")));
    }

    return 0;
}
catch (UserError error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

static float[] Pixels(Problem problem, int[] rows) => [.. rows.SelectMany(row => problem.Numbers[row])];

static double Error(float[] pictures, float[] restored) =>
    Math.Sqrt(pictures.Zip(restored, (a, b) => (double)(a - b) * (a - b)).Average());
