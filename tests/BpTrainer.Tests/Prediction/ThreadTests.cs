namespace BpTrainer.Tests.Prediction;

/// <summary>Predictions may run on many threads at once, and take no memory.</summary>
public class ThreadTests
{
    private const int Rows = 200;

    private static readonly float[] s_inputs = Samples.Random<float>(1, Rows, inputs: 6, targets: 1).Inputs.ToArray();

    [Fact]
    public void ThreadsDoNotDisturbEachOther()
    {
        Network<float> network = Start();
        float[] expected = network.Predict<float>(s_inputs);
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (i % 3 == 0)
            {
                Assert.Equal(expected, network.Predict<float>(s_inputs));
            }
            else
            {
                int row = i % Rows;
                float[] single = network.Predict<float>(s_inputs.AsSpan(row * 6, 6));
                Close.Absolute(expected[row * 3], single[0], 1e-6);
            }
        });
    }

    [Fact]
    public void ASingleRowAllocatesNothingOnceWarm()
    {
        Network<float> network = Start();
        var output = new float[3];
        network.Predict(s_inputs.AsSpan(0, 6), output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            network.Predict(s_inputs.AsSpan(0, 6), output);
        }

        // Less than the smallest object a call, even if the runtime counts a block of its own.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 23_000);
    }

    private static Network<float> Start() =>
        new NetworkBuilder(6).Add(20, Activation.Tanh).Add(3, Activation.Softmax).Build<float>(seed: 2);
}
