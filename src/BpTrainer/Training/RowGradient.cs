using BpTrainer.Data;

namespace BpTrainer.Training;

/// <summary>The gradient over all rows on this machine.</summary>
internal sealed class RowGradient<T> : WholeGradient<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingRows<T> _training;
    private readonly BatchGradient<T> _gradient;
    private readonly Lazy<SampleOrder<T>> _orders;
    private int _rows;

    public RowGradient(RowParts<T> parts, Regularization regularization)
    {
        _training = parts.Pass.Rows;
        _gradient = new BatchGradient<T>(parts, regularization);
        _orders = new(() => new SampleOrder<T>(_training.Block));
    }

    public override AlignedBuffer<T> Whole => _gradient.Whole;

    public override bool Load(CancellationToken cancellationToken)
    {
        _training.Restart(isShuffled: false);
        _rows = _training.Next(cancellationToken);
        return _rows > 0;
    }

    public override double Run(CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested
        ? double.NaN
        : _gradient.Run(_orders.Value.For(_rows), 0, _rows, learningRate: T.Zero);

    public override double Norm(CancellationToken cancellationToken) => _gradient.Norm(cancellationToken);
}
