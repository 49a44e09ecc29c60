namespace BpTrainer.Tests.Modes;

/// <summary>Work buffers are allocated once.</summary>
public class AllocationTests
{
    private const int Rows = 200;

    [Fact]
    public void A_batch_allocates_nothing()
    {
        BytesFor(batchSize: 1, epochs: 20);
        long few = BytesFor(batchSize: 1, epochs: 2);
        long many = BytesFor(batchSize: 1, epochs: 102);

        // 100 epochs more are 20000 batches. The records of the epochs take about 10 kB, and the runtime counts in blocks of
        // 8 kB; but 20000 objects of the smallest size would take 480 kB.
        Assert.InRange(many - few, 0, 100_000);
    }

    private static long BytesFor(int batchSize, int epochs)
    {
        Network<float> network = new NetworkBuilder(3).Add(5, Activation.Tanh).Add(1, Activation.Linear).Build<float>();
        DataSet<float> data = Samples.Random<float>(1, Rows, inputs: 3, targets: 1);
        var options = new TrainingOptions { BatchSize = batchSize, Epochs = epochs };
        long before = GC.GetAllocatedBytesForCurrentThread();
        network.Train(options, data);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
