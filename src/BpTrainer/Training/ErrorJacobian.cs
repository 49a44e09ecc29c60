using BpTrainer.Data;
using BpTrainer.Losses;
using BpTrainer.Networks;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>
/// The errors e of a network over all samples and outputs, and J = ∂e/∂w, in double: an error is (a − y)·√(s·c) for a sample with weight s,
/// where c = 1 for half the squared error and 2/m for the mean over m outputs. The loss is then the mean of ½|e|² over the samples.
/// </summary>
internal sealed class ErrorJacobian<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RowPass<T> _pass;
    private readonly SampleOrder<T> _order;
    private readonly NormalEquations _equations;
    private readonly Network<double> _network;
    private readonly Unknowns _unknowns;
    private readonly Workspace<double> _work;
    private readonly BackPropagation<double> _backPropagation;
    private readonly double _factor;
    private readonly Action<int, int> _measure;
    private readonly Action<int, int> _differentiate;
    private int _output;

    public ErrorJacobian(RowParts<T> parts, NormalEquations equations)
    {
        _pass = parts.Pass;
        _order = new SampleOrder<T>(parts.Pass.Rows.Block);
        _equations = equations;
        _network = CopyInDouble(parts.Network);
        _unknowns = new Unknowns(_network.Layouts);
        _work = new Workspace<double>(_network, Math.Min(_pass.Work.Rows, NormalEquations.BlockRows));
        _backPropagation = new BackPropagation<double>(_network, parts.Options.Loss, parts.Kernel, _work);
        _factor = ((SquaredErrorLoss)parts.Options.Loss).IsMean ? 2.0 / _network.Outputs : 1;
        _measure = MeasureRows;
        _differentiate = DifferentiateRows;
    }

    public int Samples { get; private set; }

    /// <summary>Loads the samples into memory; false if cancelled.</summary>
    public bool Load(CancellationToken cancellationToken)
    {
        _pass.Rows.Restart(isShuffled: false);
        Samples = _pass.Rows.Next(cancellationToken);
        return Samples > 0;
    }

    /// <summary>
    /// Measures the loss with the given parameters; not meaningful if cancelled. If <paramref name="assembles"/>, the equations get JᵀJ and
    /// Jᵀe.
    /// </summary>
    public double Measure(double[] parameters, CancellationToken cancellationToken, bool assembles = false)
    {
        if (assembles)
        {
            _equations.Clear();
        }

        _unknowns.Write<double>(parameters, _network.Parameters.Span);
        _backPropagation.RefreshTransposed();
        double loss = 0;
        for (int first = 0; first < Samples && !cancellationToken.IsCancellationRequested; first += _pass.SliceRows)
        {
            _pass.Select(_order.For(Samples), first, Math.Min(_work.Rows, Samples - first));
            _pass.Run(divisor: 1, _measure);
            loss += _work.SumOfLosses(_pass.SliceRows);
            for (_output = 0; assembles && _output < _network.Outputs; _output++)
            {
                _pass.RunAgain(_differentiate);
                _equations.AddBlock(_pass.SliceRows);
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

    /// <summary>Copies some rows as double, and computes their losses.</summary>
    private void MeasureRows(int first, int end)
    {
        Workspace<T> source = _pass.Work;
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

    /// <summary>Computes the errors of one output for some rows, and their derivatives.</summary>
    private void DifferentiateRows(int first, int end)
    {
        // Repeated for every output, because the backward pass overwrites the cache of learned slopes.
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

    /// <summary>Writes the derivatives of a row with respect to the parameters, in the order of <see cref="Unknowns"/>.</summary>
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

            if (layout.Spec.Bias == BiasKind.PerUnit)
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

    /// <summary>to ← factor · values; returns the rest of the span.</summary>
    private static Span<double> Write(Span<double> to, double factor, scoped ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            to[i] = factor * values[i];
        }

        return to[values.Length..];
    }

    private static void Widen(ReadOnlySpan<T> from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = double.CreateTruncating(from[i]);
        }
    }
}
