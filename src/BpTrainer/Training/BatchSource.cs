using BpTrainer.Data;
using BpTrainer.Encodings;
using BpTrainer.Prediction;
using BpTrainer.Scalings;

namespace BpTrainer.Training;

/// <summary>
/// Copies samples of a data set into the workspace, scaled and encoded for the network. The data stay pinned until disposal.
/// </summary>
internal sealed unsafe class BatchSource<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Shuffled samples lie anywhere in memory: they are prefetched this many samples ahead.</summary>
    private const int Ahead = 6;

    private readonly DataSet<T> _data;
    private readonly PinnedMatrix<T>? _inputs;
    private readonly PinnedMatrix<T> _targets;
    private readonly PinnedMatrix<T>? _weights;
    private readonly int _inputColumns;
    private readonly int _targetColumns;
    private readonly T _weightScale;
    private readonly ScalingFunction<T>? _inputScaling;
    private readonly ScalingFunction<T>? _targetScaling;
    private readonly EncodingFunction<T>? _encoding;

    public BatchSource(DataSet<T> data, Network<T> network, KernelKind kernel)
    {
        _data = data;
        _inputColumns = data.InputColumns;
        _targetColumns = data.TargetColumns;
        _weightScale = data.WeightScale;
        _inputScaling = network.InputScaling is null ? null : new ScalingFunction<T>(network.InputScaling, kernel);
        _targetScaling = network.OutputScaling is null ? null : new ScalingFunction<T>(network.OutputScaling, kernel);
        _encoding = EncodingFunction<T>.Create(network.InputEncoding, network.InputScaling);
        _inputs = data.IsSparse ? null : Pin(part => part.Inputs, _inputColumns);
        _targets = Pin(part => part.Targets, _targetColumns);
        _weights = data.HasWeights ? Pin(part => part.Weights, columns: 1) : null;

        PinnedMatrix<T> Pin(Converter<DataPart<T>, ReadOnlyMemory<T>> matrix, int columns) =>
            new(Array.ConvertAll(data.Parts, matrix), data.PartRows, columns);
    }

    /// <summary>
    /// Begins a batch of samples order[start .. start + rows]. Sparse inputs are copied here, everything else by
    /// <see cref="Gather"/>.
    /// </summary>
    public void Begin(Workspace<T> to, int[] order, int start, int rows)
    {
        if (to.SparseInputs is not { } batch)
        {
            return;
        }

        batch.Clear();
        foreach (int sample in order.AsSpan(start, rows))
        {
            (SparseMatrix<T> matrix, int row) = _data.SparseRow(sample);
            batch.Add(matrix.ColumnsOf(row), matrix.ValuesOf(row), _inputScaling);
        }
    }

    /// <summary>
    /// Copies samples to the rows from <paramref name="first"/> up to <paramref name="end"/> of the workspace, whose block is pinned: to
    /// row r order[start + r], numbered as in <see cref="DataSet{T}.SampleNumbers()"/>. The loss is a mean over the batch size.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(Workspace<T> to, T* block, int[] order, int start, int first, int end, int batchSize)
    {
        T share = T.One / T.CreateTruncating(batchSize);
        T* inputs = block + to.Inputs.Row(first);
        T* targets = block + to.Targets.Row(first);
        T* factors = block + to.RowFactors.Start;
        for (int row = first; row < end; row++)
        {
            int soon = start + row + Ahead;
            if (_inputs is not null && soon < order.Length)
            {
                Prefetch.Start(_inputs.Row(order[soon]));
                Prefetch.Start(_targets.Row(order[soon]));
            }

            int sample = order[start + row];
            if (_inputs is not null)
            {
                RowCopy.Copy(_inputs.Row(sample), inputs, _inputColumns, _inputScaling);
            }
            else if (to.SparseInputs is null)
            {
                CopyWithZeros(sample, inputs);
            }

            _encoding?.Encode(inputs, to.CodedInputs!, row);
            RowCopy.Copy(_targets.Row(sample), targets, _targetColumns, _targetScaling);
            factors[row] = _weights is null ? share : *_weights.Row(sample) * _weightScale * share;
            inputs += to.Inputs.Stride;
            targets += to.Targets.Stride;
        }
    }

    public void Dispose()
    {
        _inputs?.Dispose();
        _targets.Dispose();
        _weights?.Dispose();
    }

    private void CopyWithZeros(int sample, T* to)
    {
        (SparseMatrix<T> matrix, int row) = _data.SparseRow(sample);
        matrix.CopyRowTo(row, new Span<T>(to, _inputColumns));
        _inputScaling?.Apply(to, to, _inputColumns);
    }
}
