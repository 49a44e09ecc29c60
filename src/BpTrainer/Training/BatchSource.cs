using BpTrainer.Scaling;
using BpTrainer.Data;

namespace BpTrainer.Training;

/// <summary>Brings samples of a data set into the workspace, scaled as the network wants them. The data are pinned meanwhile.</summary>
internal sealed unsafe class BatchSource<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Shuffled samples lie anywhere in memory: they are asked for this many samples before their turn.</summary>
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

    public BatchSource(DataSet<T> data, Network<T> network, KernelKind kernel)
    {
        _data = data;
        _inputColumns = data.InputColumns;
        _targetColumns = data.TargetColumns;
        _weightScale = data.WeightScale;
        _inputScaling = network.InputScaling is null ? null : new ScalingFunction<T>(network.InputScaling, kernel);
        _targetScaling = network.OutputScaling is null ? null : new ScalingFunction<T>(network.OutputScaling, kernel);
        _inputs = data.IsSparse ? null : new PinnedMatrix<T>(Array.ConvertAll(data.Parts, part => part.Inputs), data.PartRows, _inputColumns);
        _targets = new PinnedMatrix<T>(Array.ConvertAll(data.Parts, part => part.Targets), data.PartRows, _targetColumns);
        _weights = data.HasWeights ? new PinnedMatrix<T>(Array.ConvertAll(data.Parts, part => part.Weights), data.PartRows, columns: 1) : null;
    }

    /// <summary>
    /// Begins a batch of samples order[start .. start + rows]: if the workspace takes inputs without their zeros, copies them there. Gather
    /// does the rest.
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
    /// Copies samples to the rows from <paramref name="first"/> up to <paramref name="end"/> of the workspace. The sample of row r is
    /// order[start + r], as <see cref="DataSet{T}.SampleNumbers()"/> numbers them; the error is a mean over <paramref name="batchSize"/>
    /// samples.
    /// </summary>
    public void Gather(Workspace<T> to, int[] order, int start, int first, int end, int batchSize)
    {
        fixed (T* block = to.Block)
        {
            Gather(to, block, order, start, first, end, batchSize);
        }
    }

    /// <summary>As the other, where <paramref name="block"/> is where the block of the workspace begins.</summary>
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
