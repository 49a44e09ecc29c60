using BenchmarkDotNet.Attributes;

namespace BpTrainer.Benchmarks;

/// <summary>One epoch of training with momentum through the public interface, its buffers included: time a sample.</summary>
[MemoryDiagnoser]
public class EpochBenchmarks
{
    private const int ImageRows = 12800;
    private const int SmallRows = 64000;

    private readonly Training _image = new(NetShape.Image, ImageRows, batch: 128);
    private readonly Training _table = new(NetShape.Table, SmallRows, batch: 32);
    private readonly Training _tiny = new(NetShape.Tiny, SmallRows, batch: 1);

    /// <summary>The most threads; the small nets use one anyway.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>784-256-10, ReLU and softmax, batches of 128.</summary>
    [Benchmark(OperationsPerInvoke = ImageRows)]
    public TrainingResult Image() => _image.Epoch(Threads);

    /// <summary>13-50-1, tanh, batches of 32.</summary>
    [Benchmark(OperationsPerInvoke = SmallRows)]
    public TrainingResult Table() => _table.Epoch(Threads);

    /// <summary>10-20-1, tanh, an update after every sample.</summary>
    [Benchmark(OperationsPerInvoke = SmallRows)]
    public TrainingResult Online() => _tiny.Epoch(Threads);

    private sealed class Training(NetShape shape, int rows, int batch)
    {
        private readonly DataSet<float> _data = SyntheticData.For(shape, rows, seed: 1);
        private readonly Network<float> _network = shape.Build(seed: 1);

        public TrainingResult Epoch(int threads)
        {
            var options = new TrainingOptions { Loss = shape.Loss, BatchSize = batch, Epochs = 1, NumberOfThreads = threads };
            return new NetworkTrainer<float>(_network, options).Train(_data);
        }
    }
}
