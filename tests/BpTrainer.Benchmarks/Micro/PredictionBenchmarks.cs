using BenchmarkDotNet.Attributes;

namespace BpTrainer.Benchmarks;

/// <summary>Prediction through the public interface, one row at a time and a block at a time: time a row.</summary>
[MemoryDiagnoser]
public class PredictionBenchmarks
{
    private const int Rows = 256;

    private readonly Scoring _tiny = new(NetShape.Tiny);
    private readonly Scoring _table = new(NetShape.Table);
    private readonly Scoring _image = new(NetShape.Image);

    /// <summary>10-20-1, row by row.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public void TinyRow() => _tiny.RowByRow();

    /// <summary>13-50-1, row by row.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public void TableRow() => _table.RowByRow();

    /// <summary>784-256-10, row by row.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public void ImageRow() => _image.RowByRow();

    /// <summary>13-50-1, all rows in one call.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public void TableBlock() => _table.Block();

    /// <summary>784-256-10, all rows in one call.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public void ImageBlock() => _image.Block();

    private sealed class Scoring(NetShape shape)
    {
        private readonly Network<float> _network = shape.Build(seed: 1);
        private readonly float[] _inputs = SyntheticData.Inputs(Rows, shape.Inputs, seed: 1);
        private readonly float[] _outputs = new float[Rows * shape.Outputs];

        public void RowByRow()
        {
            for (int row = 0; row < Rows; row++)
            {
                _network.Predict(
                    _inputs.AsSpan(row * shape.Inputs, shape.Inputs), _outputs.AsSpan(row * shape.Outputs, shape.Outputs));
            }
        }

        public void Block() => _network.Predict(_inputs, _outputs, Rows);
    }
}
