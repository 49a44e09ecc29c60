using System.Diagnostics;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>The program BpTrainer.ML.Tests.Programs, which runs commands in a process of their own.</summary>
internal static class Processes
{
    /// <summary>Starts a command, whose output can be read.</summary>
    public static Process Start(params string[] arguments)
    {
        string dotnet = Environment.ProcessPath is string path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        string program = Path.Combine(AppContext.BaseDirectory, "BpTrainer.ML.Tests.Programs.dll");
        return Process.Start(new ProcessStartInfo(dotnet, ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Runs a command that must succeed, and gives the lines that it prints.</summary>
    public static string[] Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>
    /// Saves a model, loads it here and in another process, and checks that both score the rows with the same bits. Gives the rows scored
    /// by the model that was loaded here.
    /// </summary>
    public static IDataView AssertLoadedModelsScoreTheSame(MLContext context, ITransformer model, IDataView data)
    {
        string folder = Directory.CreateTempSubdirectory("bptrainer-").FullName;
        string modelFile = Path.Combine(folder, "model.zip"), rowsFile = Path.Combine(folder, "rows.idv");
        context.Model.Save(model, data.Schema, modelFile);
        using (FileStream rows = File.Create(rowsFile))
        {
            context.Data.SaveAsBinary(data, rows);
        }

        float[][] scores = model.Transform(data).Scores();
        IDataView reloaded = new MLContext().Model.Load(modelFile, out _).Transform(data);
        DataViews.AssertSameBits(scores, reloaded.Scores());
        Assert.Equal(
            scores.Select(s => string.Join(' ', s.Select(BitConverter.SingleToInt32Bits))),
            Run("load", modelFile, rowsFile));
        Directory.Delete(folder, recursive: true);
        return reloaded;
    }
}
