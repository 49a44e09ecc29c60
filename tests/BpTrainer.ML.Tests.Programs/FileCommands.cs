namespace BpTrainer.ML.Tests.Programs;

/// <summary>The commands that write and damage files.</summary>
internal static class FileCommands
{
    /// <summary>Writes a file over and over, and says so each time, until the process is killed.</summary>
    public static int Save(string kind, string file)
    {
        SavedFile saved = SavedFile.All.Single(saved => saved.Kind == kind);
        while (true)
        {
            saved.Write(file);
            Console.WriteLine("written");
        }
    }

    /// <summary>Loads damaged files and prints what came of them.</summary>
    /// <returns>0, or 1 when one did harm.</returns>
    public static int Fuzz(int mutants, int seed)
    {
        var fuzzer = new Fuzzer(seed);
        Console.WriteLine(fuzzer.Run(mutants));
        fuzzer.Failures.ForEach(Console.WriteLine);
        return fuzzer.Failures.Count == 0 ? 0 : 1;
    }
}
