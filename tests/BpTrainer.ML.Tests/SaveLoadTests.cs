using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>A saved pipeline gives back the same scores bit for bit, here and in another process.</summary>
public sealed class SaveLoadTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("bptrainer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void ScoresAreTheSame(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        ITransformer model = _ml.Transforms.NormalizeMinMax("Features").Append(task.Ours(_ml)).Fit(data);
        string file = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(model, data.Schema, file);

        var fresh = new MLContext();
        ITransformer loaded = fresh.Model.Load(file, out DataViewSchema schema);

        Assert.Equal(data.Schema.Select(column => column.Name), schema.Select(column => column.Name));
        DataViews.AssertSameBits(model.Transform(data).Scores(), loaded.Transform(data).Scores());
    }

    [Fact]
    public void LoadedModelIsOursAndKeepsItsHistory()
    {
        IDataView data = TestData.Diabetes(_ml);
        var trained = _ml.Regression.Trainers.BackPropagation(numberOfEpochs: 5).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(trained, data.Schema, stream);
        stream.Position = 0;

        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        var ours = Assert.IsType<BackPropagationTransformer<BackPropagationRegressionModelParameters>>(loaded);
        Assert.Equal(trained.Model.History, ours.Model.History);
        Assert.Equal(trained.Model.StopReason, ours.Model.StopReason);
        Assert.Equal(trained.Model.BestEpoch, ours.Model.BestEpoch);
        Assert.Equal("Features", ours.FeatureColumnName);
    }

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void AnotherProcessThatDoesNotKnowUsScoresTheSame(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        ITransformer model = _ml.Transforms.NormalizeMinMax("Features").Append(task.Ours(_ml)).Fit(data);
        string modelFile = Path.Combine(_folder, "model.zip");
        string rowsFile = Path.Combine(_folder, "rows.idv");
        _ml.Model.Save(model, data.Schema, modelFile);
        using (FileStream rows = File.Create(rowsFile))
        {
            _ml.Data.SaveAsBinary(data, rows);
        }

        string[] expected = model.Transform(data).Scores().Select(s => string.Join(' ', s.Select(BitConverter.SingleToInt32Bits))).ToArray();
        Assert.Equal(expected, Run("exec", Path.Combine(AppContext.BaseDirectory, "BpTrainer.ML.Tests.Loader.dll"), modelFile, rowsFile));
    }

    [Fact]
    public void DamagedModelIsRefused()
    {
        IDataView data = TestData.Iris(_ml);
        using var stream = new MemoryStream();
        _ml.Model.Save(TaskCase.Multiclass.Ours(_ml).Fit(data), data.Schema, stream);
        byte[] half = stream.ToArray()[..(int)(stream.Length / 2)];
        Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(new MemoryStream(half), out _));
    }

    private static string[] Run(params string[] arguments)
    {
        string dotnet = Environment.ProcessPath is string path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        using var process = Process.Start(new ProcessStartInfo(dotnet, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
