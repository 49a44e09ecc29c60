using BpTrainer.Networks;
using BpTrainer.Regularizers;
using BpTrainer.Threads;
using BpTrainer.Training;

namespace BpTrainer.Shards;

/// <summary>The gradient that the shards compute, completed with shared biases and penalties.</summary>
internal sealed unsafe class ShardedGradient<T> : WholeGradient<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ShardedParts<T> _training;
    private readonly AlignedBuffer<T> _parameters;
    private readonly Regularizer<T> _regularizer;
    private readonly ParameterPart[] _parts;
    private readonly Action<int> _finishItem;
    private T _scale;
    private int _items;

    public ShardedGradient(ShardedParts<T> training, Regularization regularization)
    {
        _training = training;
        _parameters = training.Network.Parameters;
        _regularizer = new Regularizer<T>(regularization, training.Kernel);
        _parts = ParameterPart.Cut(training.Network.Layouts);
        _finishItem = Finish;
        Whole = new AlignedBuffer<T>(_parameters.Length);
    }

    public override AlignedBuffer<T> Whole { get; }

    /// <summary>The rows are in the memory of the workers.</summary>
    public override bool Load(CancellationToken cancellationToken) => !cancellationToken.IsCancellationRequested;

    public override double Run(CancellationToken cancellationToken) =>
        Run(new BatchPlace(Pass: 0, First: 0, _training.Rows, _training.Rows, Update: 0), T.One, cancellationToken) ?? double.NaN;

    public override double Norm(CancellationToken cancellationToken)
    {
        Run(
            new BatchPlace(Pass: 0, First: 0, _training.Rows, Divisor: 1, Update: 0), T.One / T.CreateChecked(_training.Rows),
            cancellationToken);
        double sum = 0;
        fixed (T* gradient = Whole)
        {
            foreach (ParameterPart part in _parts)
            {
                sum += _training.BackPropagation.SumOfSquares(part, gradient + part.Offset);
            }
        }

        return Math.Sqrt(sum);
    }

    /// <summary>Computes <see cref="Whole"/> for some rows, times a factor, and returns the sum of their losses; null if
    /// cancelled.</summary>
    public double? Run(BatchPlace place, T scale, CancellationToken cancellationToken)
    {
        if (_training.Compute(ShardWork.Gradient, place, cancellationToken) is not { } sum)
        {
            return null;
        }

        sum.Numbers.CopyTo(Whole.Span);
        _scale = scale;
        _items = Math.Min(_parts.Length, WorkItems.Most(_training.Team.Threads));
        _training.Team.Run(_items, _finishItem);
        return sum.Loss;
    }

    private void Finish(int item)
    {
        fixed (T* parameters = _parameters, gradients = Whole)
        {
            for (int p = item; p < _parts.Length; p += _items)
            {
                ParameterPart part = _parts[p];
                T* gradient = gradients + part.Offset;
                _training.BackPropagation.FinishGradient(part, gradient);
                if (_scale != T.One)
                {
                    _regularizer.Scale(gradient, part.Length, _scale);
                }

                _regularizer.AdaptGradient(parameters + part.Offset, gradient, part);
            }
        }
    }
}
