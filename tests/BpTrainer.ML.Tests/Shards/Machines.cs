namespace BpTrainer.ML.Tests.Shards;

/// <summary>A cluster in this process, of which a machine is lost now and then: its worker is made again from the last plan.</summary>
internal sealed class Machines(int machines, int lostEvery = 0) : ITrainingCluster
{
    /// <summary>The largest message to or from a worker, in bytes.</summary>
    public int LargestMessage { get; private set; }

    public IClusterTraining Start(int shards, CancellationToken cancellationToken) => new Training(this, shards);

    private sealed class Training(Machines cluster, int shards) : IClusterTraining
    {
        private readonly ClusterWorker?[] _workers = new ClusterWorker?[cluster.Count];
        private byte[] _plan = [];
        private int _calls;

        public void Begin(byte[] plan, CancellationToken cancellationToken)
        {
            _plan = [.. plan];
            foreach (ClusterWorker? worker in _workers)
            {
                worker?.Begin(_plan);
            }
        }

        public IReadOnlyList<byte[]> Compute(byte[] task, CancellationToken cancellationToken)
        {
            if (cluster.LostEvery > 0 && ++_calls % cluster.LostEvery == 0)
            {
                int lost = _calls / cluster.LostEvery % _workers.Length;
                _workers[lost]?.Dispose();
                _workers[lost] = null;
            }

            byte[][] answers = [.. Enumerable.Range(0, _workers.Length).Reverse().Select(m => Worker(m).Compute(task, cancellationToken))];
            cluster.LargestMessage = answers.Append(task).Max(message => Math.Max(message.Length, cluster.LargestMessage));
            return answers;
        }

        public void Dispose() => Array.ForEach(_workers, worker => worker?.Dispose());

        private ClusterWorker Worker(int machine)
        {
            if (_workers[machine] is null)
            {
                int first = machine * shards / _workers.Length, end = (machine + 1) * shards / _workers.Length;
                _workers[machine] = new ClusterWorker(first, end - first, numberOfThreads: 1);
                _workers[machine]!.Begin(_plan);
            }

            return _workers[machine]!;
        }
    }

    private int Count => machines;

    private int LostEvery => lostEvery;
}
