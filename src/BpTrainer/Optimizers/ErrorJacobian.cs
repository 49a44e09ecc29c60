using System.Numerics;
using BpTrainer.Data;
using BpTrainer.Losses;
using BpTrainer.Networks;
using BpTrainer.Threads;
using BpTrainer.Training;

namespace BpTrainer.Optimizers;

/// <summary>
/// The errors e of a network over all samples and outputs, and J = ∂e/∂w, in double: an error is (a − y)·√(s·c), for a sample of
/// weight s, where c is 1 for half the squared error and 2/m for the mean over m outputs, so that the loss is the mean of
/// ½|e|² over the samples.
/// </summary>
internal sealed class ErrorJacobian<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingParts<T> _parts;
    private readonly SampleOrder<T> _order;
    private readonly NormalEquations _equations;
    private readonly Network<double> _network;
    private readonly Unknowns _unknowns;
    private readonly Workspace<double> _work;
    private readonly BackPropagation<double> _backPropagation;
    private readonly double _factor;
    private readonly Action<int> _lossItem;
    private readonly Action<int> _rowItem;
    private int _first;
    private int _rows;
    private int _output;

    /// <param name="parts">The parts of the training.</param>
    /// <param name="equations">Takes J, block by block.</param>
    public ErrorJacobian(TrainingParts<T> parts, NormalEquations equations)
    {
        _parts = parts;
        _equations = equations;
        _order = new SampleOrder<T>(parts.Feed.Block);
        _network = CopyInDouble(parts.Network);
        _unknowns = new Unknowns(_network.Layouts);
        _work = new Workspace<double>(_network, Math.Min(parts.Work.Rows, NormalEquations.BlockRows));
        _backPropagation = new BackPropagation<double>(_network, parts.Options.Loss, parts.Kernel, _work);
        _factor = ((SquaredErrorLoss)parts.Options.Loss).IsMean ? 2.0 / _network.Outputs : 1;
        _lossItem = MeasureRows;
        _rowItem = DifferentiateRows;
    }

    /// <summary>The number of samples.</summary>
    public int Samples { get; private set; }

    /// <summary>Brings the samples into memory.</summary>
    /// <returns>Whether they are there: false when cancelled.</returns>
    public bool Load(CancellationToken cancellationToken)
    {
        _parts.Feed.Restart(isShuffled: false);
        Samples = _parts.Feed.Next(cancellationToken);
        return Samples > 0;
    }

    /// <summary>The loss with parameters as given; of no use when cancelled.</summary>
    public double Measure(double[] parameters, CancellationToken cancellationToken)
    {
        Set(parameters);
        double loss = 0;
        for (_first = 0; _first < Samples && !cancellationToken.IsCancellationRequested; _first += _rows)
        {
            loss += MeasureBlock();
        }

        return loss / Samples;
    }

    /// <summary>As <see cref="Measure"/>; JᵀJ and Jᵀe are left in the equations.</summary>
    public double Assemble(double[] parameters, CancellationToken cancellationToken)
    {
        Set(parameters);
        _equations.Clear();
        double loss = 0;
        for (_first = 0; _first < Samples && !cancellationToken.IsCancellationRequested; _first += _rows)
        {
            loss += MeasureBlock();
            for (_output = 0; _output < _network.Outputs; _output++)
            {
                _parts.Team.Run(WorkItems.Count(_rows, WorkItems.RowGroup), _rowItem);
                _equations.AddBlock(_rows);
            }
        }

        return loss / Samples;
    }

    private static Network<double> CopyInDouble(Network<T> network)
    {
        var builder = new NetworkBuilder(network.Inputs);
        foreach (LayerLayout layout in network.Layouts)
        {
            builder.Add(layout.Spec with { Initializer = Initializer.Zero });
        }

        Network<double> copy = builder.Build<double>();
        for (int k = 0; k < copy.Layers.Count; k++)
        {
            for (int o = 0; o < copy.Layers[k].Outputs; o++)
            {
                copy.Layers[k].SetBias(o, double.CreateTruncating(network.Layers[k].GetBias(o)));
            }
        }

        return copy;
    }

    private void Set(double[] parameters)
    {
        _unknowns.Write<double>(parameters, _network.Parameters.Span);
        _backPropagation.RefreshTransposed();
    }

    private double MeasureBlock()
    {
        _rows = Math.Min(_work.Rows, Samples - _first);
        _parts.Team.Run(WorkItems.Count(_rows, WorkItems.RowGroup), _lossItem);
        return _work.SumOfLosses(_rows);
    }

    /// <summary>Gathers some rows, as the network scales them, and computes their losses.</summary>
    private void MeasureRows(int item)
    {
        (int first, int end) = RowsOf(item);
        Workspace<T> source = _parts.Work;
        _parts.Source.Gather(source, _order.For(Samples), _first, first, end, batchSize: 1);
        Span<T> from = source.Block.Span;
        Span<double> to = _work.Block.Span;
        for (int row = first; row < end; row++)
        {
            Widen(from.Slice(source.Inputs.Row(row), _network.Inputs), to[_work.Inputs.Row(row)..]);
            Widen(from.Slice(source.Targets.Row(row), _network.Outputs), to[_work.Targets.Row(row)..]);
            Widen(from.Slice(source.RowFactors.Row(row), 1), to[_work.RowFactors.Row(row)..]);
        }

        _backPropagation.Forward(first, end);
        _backPropagation.Loss(first, end);
    }

    /// <summary>The errors of one output for some rows, and their derivatives.</summary>
    private void DifferentiateRows(int item)
    {
        (int first, int end) = RowsOf(item);

        // Again for every output: going back uses up what learned slopes keep.
        _backPropagation.Forward(first, end);
        _backPropagation.SeedOutput(_output, first, end);
        _backPropagation.Backward(first, end);
        Span<double> block = _work.Block.Span;
        for (int row = first; row < end; row++)
        {
            double scale = Math.Sqrt(block[_work.RowFactors.Row(row)] * _factor);
            double error = block[_work.Outputs[^1].Row(row) + _output] - block[_work.Targets.Row(row) + _output];
            _equations.Errors[row] = scale * error;
            WriteDerivatives(row, scale);
        }
    }

    /// <summary>The derivatives of a row by all parameters, in the order of <see cref="Unknowns"/>.</summary>
    private void WriteDerivatives(int row, double scale)
    {
        Span<double> to = _equations.RowOf(row);
        ReadOnlySpan<double> block = _work.Block.Span;
        for (int k = 0; k < _network.Layouts.Length; k++)
        {
            LayerLayout layout = _network.Layouts[k];
            ReadOnlySpan<double> delta = block.Slice(_work.Deltas[k].Row(row), layout.Outputs);
            foreach (double x in block.Slice(_work.InputsOf(k).Row(row), layout.Inputs))
            {
                to = Write(to, scale * x, delta);
            }

            if (layout.Spec.Bias == BiasKind.PerNeuron)
            {
                to = Write(to, scale, delta);
            }
            else if (layout.Spec.Bias == BiasKind.Shared)
            {
                double total = 0;
                foreach (double term in delta)
                {
                    total += term;
                }

                to = Write(to, scale, [total]);
            }

            if (layout.HasSlopes)
            {
                to = Write(to, scale, block.Slice(_work.ForwardCache[k]!.Value.Row(row), layout.Outputs));
            }
        }
    }

    /// <summary>to ← factor · values.</summary>
    /// <returns>What lies behind them.</returns>
    private static Span<double> Write(Span<double> to, double factor, scoped ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            to[i] = factor * values[i];
        }

        return to[values.Length..];
    }

    private (int First, int End) RowsOf(int item) => (item * WorkItems.RowGroup, Math.Min((item + 1) * WorkItems.RowGroup, _rows));

    private static void Widen(ReadOnlySpan<T> from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = double.CreateTruncating(from[i]);
        }
    }
}
