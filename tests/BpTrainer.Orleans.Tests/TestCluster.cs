using System.Collections.Concurrent;
using System.Diagnostics;

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

    /// <summary>Waits until there are the three workers and no other: one of another test may have died a moment ago.</summary>
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

        WaitUntil(() => Cluster.Workers.SequenceEqual(_workers.Select(worker => worker.Name).Order(StringComparer.Ordinal)));
        return Cluster;
    }

    /// <summary>Waits until something holds, and fails if that takes too long.</summary>
    internal static void WaitUntil(Func<bool> holds)
    {
        for (long start = Stopwatch.GetTimestamp(); !holds(); Thread.Sleep(100))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"It did not hold after {Patience}.");
        }
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
