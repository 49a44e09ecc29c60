using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>Brings samples of a data set into the workspace, scaled as the network wants them.</summary>
internal sealed class BatchSource<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DataSet<T> _data;
    private readonly ScalingFunction<T>? _inputScaling;
    private readonly ScalingFunction<T>? _targetScaling;

    public BatchSource(DataSet<T> data, Network<T> network)
    {
        _data = data;
        _inputScaling = network.InputScaling is null ? null : new ScalingFunction<T>(network.InputScaling);
        _targetScaling = network.OutputScaling is null ? null : new ScalingFunction<T>(network.OutputScaling);
    }

    public int Rows => _data.Rows;

    /// <summary>
    /// Copies samples to the rows from <paramref name="first"/> up to <paramref name="end"/> of the workspace. The sample of
    /// each row is named by <paramref name="order"/>; the error is a mean over <paramref name="batchSize"/> samples.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(Workspace<T> to, ReadOnlySpan<int> order, int first, int end, int batchSize)
    {
        ReadOnlySpan<T> inputs = _data.Inputs.Span;
        ReadOnlySpan<T> targets = _data.Targets.Span;
        ReadOnlySpan<T> weights = _data.Weights.Span;
        int inputColumns = _data.InputColumns;
        int targetColumns = _data.TargetColumns;
        T share = T.One / T.CreateTruncating(batchSize);
        for (int row = first; row < end; row++)
        {
            int sample = order[row];
            RowCopy.Pad(
                inputs.Slice(sample * inputColumns, inputColumns),
                to.Inputs.Span.Slice(row * to.InputStride, to.InputStride),
                _inputScaling);
            RowCopy.Pad(
                targets.Slice(sample * targetColumns, targetColumns),
                to.Targets.Span.Slice(row * targetColumns, targetColumns),
                _targetScaling);
            to.RowFactors.Span[row] = weights.IsEmpty ? share : weights[sample] * _data.WeightScale * share;
        }
    }
}
