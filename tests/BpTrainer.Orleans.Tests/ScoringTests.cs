using System.Globalization;
using System.Security.Cryptography;

namespace BpTrainer.Orleans.Tests;

/// <summary>Files scored on a cluster have the bytes of those scored on one machine, whatever becomes of the workers.</summary>
[Collection(nameof(TestCluster))]
public sealed class ScoringTests : IDisposable
{
    private const int Files = 12, Rows = 20_000, Inputs = 10;

    private readonly TestCluster _test;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bptrainer-");
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TextLoader _loader;
    private readonly ITransformer _model;

    public ScoringTests(TestCluster test)
    {
        _test = test;
        _loader = _mlContext.Data.CreateTextLoader(
            [
                new TextLoader.Column("Features", DataKind.Single, 0, Inputs - 1), new TextLoader.Column("Label", DataKind.Single, Inputs),
            ],
            separatorChar: ',');
        for (int file = 0; file < Files; file++)
        {
            WriteRows(file);
        }

        IDataView rows = _loader.Load(new MultiFileSource(InputOf(0)));
        _model = _mlContext.Regression.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 1).Fit(rows);
    }

    [Fact]
    public void AWorkerIsKilledInTheMiddle()
    {
        BpCluster cluster = _test.WithThreeWorkers();
        string? victim = null;
        FileScoring scoring = Scoring("cluster");
        scoring.Run(cluster, (_, worker) =>
        {
            // It has begun with its next file by now.
            if (victim is null)
            {
                victim = worker;
                _test.Kill(victim!);
            }
        });
        Scoring("here").Run();

        Assert.Contains(_test.Log, line => line.StartsWith($"Worker '{victim}' does not answer", StringComparison.Ordinal));
        Assert.Equal(Hashes("here"), Hashes("cluster"));
        Assert.Equal(Rows + 1, File.ReadLines(scoring.Files[0].Output).Count());
    }

    [Fact]
    public void FilesThatCannotBeScoredAreNamedAfterTheOthersAreDone()
    {
        FileScoring scoring = Scoring("wrong") with { Columns = ["NoSuchColumn"] };
        var error = Assert.Throws<InvalidOperationException>(() => scoring.Run(_test.WithThreeWorkers()));
        Assert.StartsWith($"{Files} of {Files} files could not be scored. '{InputOf(0)}': ", error.Message, StringComparison.Ordinal);
        Assert.Contains("NoSuchColumn", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.FullName, "*.draft", SearchOption.AllDirectories));
    }

    [Fact]
    public void TwoFilesMustNotHaveTheSameOutput()
    {
        ScoredFile file = new("a.csv", "b.csv");
        FileScoring scoring = Scoring("same") with { Files = [file, file with { Input = "c.csv" }] };
        Assert.Throws<ArgumentException>(() => scoring.Run());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private FileScoring Scoring(string folder)
    {
        string to = _folder.CreateSubdirectory(folder).FullName;
        return new FileScoring
        {
            Loader = _loader,
            Model = _model,
            Files = [.. Enumerable.Range(0, Files).Select(file => new ScoredFile(InputOf(file), Path.Combine(to, $"{file}.csv")))],
        };
    }

    private string[] Hashes(string folder) =>
    [
        .. Enumerable.Range(0, Files).Select(file =>
            Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(_folder.FullName, folder, $"{file}.csv"))))),
    ];

    private string InputOf(int file) => Path.Combine(_folder.FullName, $"part-{file}.csv");

    private void WriteRows(int file)
    {
        var random = new Random(file);
        File.WriteAllLines(InputOf(file), Enumerable.Range(0, Rows).Select(_ =>
        {
            float[] row = [.. Enumerable.Range(0, Inputs).Select(_ => random.NextSingle())];
            return string.Join(',', row.Append(row.Sum()).Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
        }));
    }
}
