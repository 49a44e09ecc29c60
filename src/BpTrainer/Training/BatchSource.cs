using BpTrainer.Data;
using BpTrainer.Encodings;
using BpTrainer.Prediction;
using BpTrainer.Scalings;

namespace BpTrainer.Training;

/// <summary>
/// Copies samples of a data set into the workspace, scaled and encoded for the network. The data is pinned until disposal.
/// </summary>
internal sealed unsafe class BatchSource<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Shuffled samples can be anywhere in memory, so they are prefetched this number of samples ahead.</summary>
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
    /// Copies samples to the rows from <paramref name="first"/> up to <paramref name="end"/> of the workspace, whose block is pinned. Row r
    /// gets the sample order[start + r], numbered as in <see cref="DataSet{T}.SampleNumbers()"/>. The loss is a mean over the batch size.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(Workspace<T> to, T* block, int[] order, int start, int first, int end, long batchSize)
    {
        T share = T.One / T.CreateTruncating(batchSize);
        T* inputs = block + to.Inputs.Row(first);
        T* targets = block + to.Targets.Row(first);
        T* factors = block + to.RowFactors.Start;
        for (int row = first; row < end; row++)
        {
            LoadAhead(order, start + row);
            int sample = order[start + row];
            if (to.SparseInputs is null)
            {
                CopyInputs(sample, inputs);
            }

            _encoding?.Encode(inputs, to.CodedInputs!, row);
            RowCopy.Copy(_targets.Row(sample), targets, _targetColumns, _targetScaling);
            factors[row] = WeightOf(sample) * share;
            inputs += to.Inputs.Stride;
            targets += to.Targets.Stride;
        }
    }

    /// <summary>Starts to load a sample that will be needed some samples after order[place].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void LoadAhead(int[] order, int place)
    {
        int soon = place + Ahead;
        if (_inputs is not null && soon < order.Length)
        {
            Prefetch.Start(_inputs.Row(order[soon]));
            Prefetch.Start(_targets.Row(order[soon]));
        }
    }

    /// <summary>
    /// Returns the scaled inputs of a sample: in the data itself, without padding, if reading them there is allowed and they need no
    /// scaling; otherwise copied to the room.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* InputsOf(int sample, T* room, bool mayBeInPlace)
    {
        if (mayBeInPlace && _inputs is not null && _inputScaling is null)
        {
            return _inputs.Row(sample);
        }

        CopyInputs(sample, room);
        return room;
    }

    /// <summary>Returns the scaled targets of a sample: in the data itself if they need no scaling; otherwise copied to the room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* TargetsOf(int sample, T* room)
    {
        if (_targetScaling is null)
        {
            return _targets.Row(sample);
        }

        _targetScaling.Apply(_targets.Row(sample), room, _targetColumns);
        return room;
    }

    /// <summary>Returns the weight of a sample; the weights of all samples average to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T WeightOf(int sample) => _weights is null ? T.One : *_weights.Row(sample) * _weightScale;

    public void Dispose()
    {
        _inputs?.Dispose();
        _targets.Dispose();
        _weights?.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CopyInputs(int sample, T* to)
    {
        if (_inputs is not null)
        {
            RowCopy.Copy(_inputs.Row(sample), to, _inputColumns, _inputScaling);
        }
        else
        {
            CopyWithZeros(sample, to);
        }
    }

    private void CopyWithZeros(int sample, T* to)
    {
        (SparseMatrix<T> matrix, int row) = _data.SparseRow(sample);
        matrix.CopyRowTo(row, new Span<T>(to, _inputColumns));
        _inputScaling?.Apply(to, to, _inputColumns);
    }
}
