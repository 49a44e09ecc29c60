// A program that tests start, and that people start to try more than a test has time for:
//   save KIND FILE        writes a file over and over, until it is killed
//   fuzz MUTANTS [SEED]   loads damaged files, and exits with 1 if one did harm; the tests do so with 10,000
using System.Globalization;
using BpTrainer.ML.Tests.Files;

switch (args)
{
    case ["save", string kind, string file]:
        SavedFile save = SavedFile.All.Single(saved => saved.Kind == kind);
        while (true)
        {
            save.Write(file);
            Console.WriteLine("written");
        }

    case ["fuzz", string mutants, .. string[] seed]:
        var fuzzer = new Fuzzer(seed is [string text] ? int.Parse(text, CultureInfo.InvariantCulture) : 1);
        Console.WriteLine(fuzzer.Run(int.Parse(mutants, CultureInfo.InvariantCulture)));
        fuzzer.Failures.ForEach(Console.WriteLine);
        return fuzzer.Failures.Count == 0 ? 0 : 1;

    default:
        Console.Error.WriteLine($"save {string.Join('|', SavedFile.All.Select(saved => saved.Kind))} FILE, or fuzz MUTANTS [SEED]");
        return 2;
}
