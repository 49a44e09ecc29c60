using System.Collections.Concurrent;

namespace BpTrainer.Orleans.Tests;

/// <summary>
/// A cluster of this process and three workers in processes of their own. All tests share it; a worker that a test killed is replaced
/// before the next one.
/// </summary>
public sealed class TestCluster : IDisposable
{
    private const int Size = 3;

    /// <summary>Starting a process takes seconds, on a busy machine more.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<WorkerProcess> _workers = [];
    private readonly int _port = WorkerProcess.FreePort();
    private int _started;

    public TestCluster() => Cluster = BpCluster.Start(new()
    {
        Port = _port,
        Name = "test",
        WorkerTimeout = Patience,
        Log = Log.Enqueue,
    });

    public BpCluster Cluster { get; }

    /// <summary>What the cluster has told.</summary>
    internal ConcurrentQueue<string> Log { get; } = [];

    /// <summary>Waits until there are three workers.</summary>
    internal BpCluster WithThreeWorkers()
    {
        foreach (WorkerProcess dead in _workers.Where(worker => !worker.IsAlive).ToArray())
        {
            dead.Dispose();
            _workers.Remove(dead);
        }

        while (_workers.Count < Size)
        {
            _workers.Add(Start($"w{++_started}", DataFolder));
        }

        Cluster.WaitForWorkers(Size, Patience);
        return Cluster;
    }

    /// <summary>Starts a worker that is not one of the three.</summary>
    internal WorkerProcess Start(string name, string folder, params string[] arguments) => new(name, _port, folder, arguments);

    /// <summary>Kills one of the three workers; does nothing if it is dead.</summary>
    internal void Kill(string name)
    {
        if (_workers.Single(worker => worker.Name == name) is { IsAlive: true } worker)
        {
            worker.Kill();
        }
    }

    /// <summary>The folder of the tables.</summary>
    internal static string DataFolder { get; } = Path.Combine(AppContext.BaseDirectory, "data");

    public void Dispose()
    {
        _workers.ForEach(worker => worker.Dispose());
        Cluster.Dispose();
    }
}

/// <summary>Tests that share the cluster, one after the other.</summary>
[CollectionDefinition(nameof(TestCluster))]
public sealed class ClusterTests : ICollectionFixture<TestCluster>;
