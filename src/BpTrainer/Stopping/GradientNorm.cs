using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Data;
using BpTrainer.Kernels;
using BpTrainer.Networks;
using BpTrainer.Regularizers;
using BpTrainer.Threads;
using BpTrainer.Training;

namespace BpTrainer.Stopping;

/// <summary>
/// Measures ‖∂E/∂w‖ with the weights as they are: the gradient of the mean loss over all samples plus penalties, in one
/// pass, shared by the threads of a team. Clipping and dropout have no part in it.
/// </summary>
internal sealed unsafe class GradientNorm<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingParts<T> _training;
    private readonly SampleOrder<T> _order;
    private readonly ParameterPart[] _parts;
    private readonly AlignedBuffer<T> _gradient;
    private readonly double[] _sumsOfSquares;
    private readonly Regularizer<T> _penalties;
    private readonly Action<int> _rowItem;
    private readonly Action<int> _partItem;
    private readonly Action<int> _finishItem;

    private int[] _samples = [];
    private int _first;
    private int _rows;
    private int _rowsOfItem;
    private bool _isFirstSlice;

    public GradientNorm(TrainingParts<T> training)
    {
        _training = training;
        _order = new SampleOrder<T>(training.Feed.Block);
        _parts = ParameterPart.Cut(training.Network.Layouts);
        _gradient = new AlignedBuffer<T>(training.Network.Parameters.Length);
        _sumsOfSquares = new double[_parts.Length];
        _penalties = new Regularizer<T>(training.Options.Regularization with { ClipValue = null, ClipNorm = null }, training.Kernel);
        _rowItem = RunRows;
        _partItem = AddPart;
        _finishItem = FinishPart;
    }

    /// <summary>Goes once through all samples. When cancelled it ends early, and what it returns is of no use.</summary>
    public double Measure(CancellationToken cancellationToken)
    {
        WorkTeam team = _training.Team;
        int rows;
        _isFirstSlice = true;
        _training.Feed.Restart(isShuffled: false);
        while ((rows = _training.Feed.Next(cancellationToken)) > 0)
        {
            _samples = _order.For(rows);
            for (_first = 0; _first < rows && !cancellationToken.IsCancellationRequested; _first += _rows)
            {
                _rows = Math.Min(_training.Work.Rows, rows - _first);
                _training.Source.Begin(_training.Work, _samples, _first, _rows);
                _training.Work.SparseInputs?.Transpose();
                _rowsOfItem = WorkItems.Size(_rows, team.Threads, WorkItems.RowGroup);
                team.Run(WorkItems.Count(_rows, _rowsOfItem), _rowItem);
                team.Run(_parts.Length, _partItem);
                _isFirstSlice = false;
            }
        }

        team.Run(_parts.Length, _finishItem);
        return Math.Sqrt(_sumsOfSquares.Sum());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRows(int item)
    {
        int first = item * _rowsOfItem;
        int end = Math.Min(first + _rowsOfItem, _rows);
        // A "batch" of 1: gradients add up to their sum, which the number of rows divides in the end.
        _training.Source.Gather(_training.Work, _samples, _first, first, end, batchSize: 1);
        _training.BackPropagation.Forward(first, end);
        _training.BackPropagation.Loss(first, end);
        _training.BackPropagation.Backward(first, end);
    }

    private void AddPart(int index)
    {
        fixed (T* gradient = _gradient)
        {
            _training.BackPropagation.Gradient(_parts[index], gradient + _parts[index].Offset, accumulate: !_isFirstSlice, _rows);
        }
    }

    private void FinishPart(int index)
    {
        ParameterPart part = _parts[index];
        fixed (T* parameters = _training.Network.Parameters, gradients = _gradient)
        {
            T* gradient = gradients + part.Offset;
            _training.BackPropagation.FinishGradient(part, gradient);
            _penalties.Scale(gradient, part.Length, T.One / T.CreateChecked(_training.Feed.Rows));
            _penalties.AdaptGradient(parameters + part.Offset, gradient, part);
            _sumsOfSquares[index] = _training.BackPropagation.SumOfSquares(part, gradient);
        }
    }
}
