using BpTrainer.Data;
using BpTrainer.Kernels;
using BpTrainer.Threads;
using BpTrainer.Training;

namespace BpTrainer.Tests;

/// <summary>
/// The mean loss of a network over a data set, again and again while its parameters change; much cheaper than a training each time.
/// </summary>
internal sealed class LossProbe : IDisposable
{
    private readonly RowPass<double> _pass;
    private readonly WorkTeam _team = new(threads: 1);
    private readonly RowLossMeter<double> _meter;

    public LossProbe(Network<double> network, Loss loss, DataSet<double> data)
    {
        var work = new Workspace<double>(network, Math.Min(data.Rows, Workspace<double>.MostRows));
        var backPropagation = new BackPropagation<double>(network, loss, Kernel.Default, work);
        _pass = new RowPass<double>(new InMemoryRows<double>(data), network, Kernel.Default, work, _team);
        _meter = new RowLossMeter<double>(_pass, backPropagation);
    }

    public double Measure() => _meter.Measure(CancellationToken.None);

    public void Dispose()
    {
        _pass.Dispose();
        _team.Dispose();
    }
}
