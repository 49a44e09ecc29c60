using BpTrainer.Examples.Cluster;

namespace BpTrainer.Orleans.Tests;

/// <summary>Searches on a cluster give the figures of a search on one machine, whatever becomes of the workers.</summary>
[Collection(nameof(TestCluster))]
public class SearchTests(TestCluster test)
{
    private static readonly string s_table = Path.Combine(TestCluster.DataFolder, "diabetes.csv");

    [Fact]
    public void AWorkerIsKilledInTheMiddle()
    {
        HyperparameterSearch<SmallNetworks> search = Search(trials: 8, s_table);
        string? victim = null;
        IReadOnlyList<SearchTrial> trials = search.Run(test.WithThreeWorkers(), progress =>
        {
            // The first one that has begun a training.
            if (victim is null && progress.Epoch is not null)
            {
                victim = progress.Worker;
                test.Kill(victim!);
            }
        });

        Assert.NotNull(victim);
        Assert.Contains(test.Log, line => line.StartsWith($"Worker '{victim}' does not answer", StringComparison.Ordinal));
        AssertSame(search.Run(), trials);
    }

    [Fact]
    public void OneTrialIsTheCrossValidationOfMLNet()
    {
        HyperparameterSearch<SmallNetworks> search = Search(trials: 1, s_table);
        SearchTrial trial = Assert.Single(search.Run(test.WithThreeWorkers()));

        var mlContext = new MLContext(search.Seed);
        var options = new ML.BackPropagationRegressionTrainer.Options { Seed = search.Seed };
        new SmallNetworks().Apply(options, trial: 0);
        var folds = mlContext.Regression.CrossValidate(
            search.Loader.Load(new MultiFileSource(s_table)), mlContext.Regression.Trainers.BackPropagation(options), search.Folds);
        Assert.Equal(
            folds.Select(fold => fold.Metrics.RootMeanSquaredError),
            trial.Folds.Select(fold => fold[nameof(RegressionMetrics.RootMeanSquaredError)]));
    }

    [Fact]
    public void AWorkerWithoutTheFileIsRefusedByName()
    {
        string empty = Directory.CreateTempSubdirectory("bptrainer-").FullName;
        try
        {
            BpCluster cluster = test.WithThreeWorkers();
            using WorkerProcess stranger = test.Start("stranger", empty);
            cluster.WaitForWorkers(4, TestCluster.Patience);

            // A relative path, which counts from the folder of each worker.
            IReadOnlyList<SearchTrial> trials = Search(trials: 3, "diabetes.csv").Run(cluster);
            AssertSame(Search(trials: 3, s_table).Run(), trials);
            Assert.Contains(test.Log, line => line.Contains("'stranger' is refused for trial", StringComparison.Ordinal)
                && line.EndsWith("it has no file 'diabetes.csv'.", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(empty, recursive: true);
        }
    }

    [Fact]
    public void AWorkerOfAnotherVersionIsRefusedByName()
    {
        using WorkerProcess stranger = test.Start("old", TestCluster.DataFolder, "--program-version", "0.0.9");

        // Workers are met when somebody asks for them.
        TestCluster.WaitUntil(() => !test.Cluster.Workers.Contains("old") && test.Cluster.Refusals.Count > 0);
        string refusal = Assert.Single(test.Cluster.Refusals);
        Assert.StartsWith("Worker 'old' is refused: its version is 0.0.9, but must be 0.1.0-", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("old", test.Cluster.Workers);
    }

    [Fact]
    public void WhatNoWorkerCanDoIsSaid()
    {
        using BpCluster lonely = BpCluster.Start(new() { Port = WorkerProcess.FreePort(), WorkerTimeout = TimeSpan.FromMilliseconds(500) });
        var error = Assert.Throws<TimeoutException>(() => Search(trials: 1, s_table).Run(lonely));
        Assert.Equal("No worker was there for 0.5 s to do trial 0, fold 0. None has come.", error.Message);
    }

    [Fact]
    public async Task WorkWaitsForAWorkerThatComesLate()
    {
        int port = WorkerProcess.FreePort();
        HyperparameterSearch<SmallNetworks> search = Search(trials: 2, s_table);
        using BpCluster cluster = BpCluster.Start(new() { Port = port, WorkerTimeout = TestCluster.Patience });
        Task<IReadOnlyList<SearchTrial>> running = Task.Run(() => search.Run(cluster));
        Assert.False(running.IsCompleted);
        using var late = new WorkerProcess("late", port, TestCluster.DataFolder);
        AssertSame(search.Run(), await running);
    }

    [Fact]
    public void ATrialThatFailsComesLastAndSaysWhy()
    {
        IReadOnlyList<SearchTrial> trials = (Search(trials: 1, s_table) with { LabelColumnName = "Progress" }).Run(test.WithThreeWorkers());
        SearchTrial failed = Assert.Single(trials);
        Assert.Contains("Progress", failed.Failure, StringComparison.Ordinal);
        Assert.Equal(double.NaN, failed.Error);
    }

    private static HyperparameterSearch<SmallNetworks> Search(int trials, string file) => new()
    {
        Task = SearchTask.Regression,
        Loader = new MLContext().Data.CreateTextLoader(
            [new TextLoader.Column("Features", DataKind.Single, 0, 9), new TextLoader.Column("Label", DataKind.Single, 10)],
            separatorChar: ',',
            hasHeader: true),
        Files = [file],
        Folds = 3,
        Trials = trials,
    };

    private static void AssertSame(IReadOnlyList<SearchTrial> expected, IReadOnlyList<SearchTrial> actual)
    {
        Assert.Equal(expected.Select(Figures), actual.Select(Figures));
        Assert.All(expected, trial => Assert.Null(trial.Failure));

        // All figures of a trial, to the last bit.
        static string Figures(SearchTrial trial) => FormattableString.Invariant(
            $"{trial.Number} {trial.Error:R} {string.Join(' ', trial.Folds.SelectMany(fold => fold))}");
    }
}
