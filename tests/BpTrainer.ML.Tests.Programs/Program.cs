// What the tests start in a process of its own, and what people start to try more than a test has time for.
// Each command is a method of its own, so that 'load' runs before anything of ours is loaded.
using System.Globalization;
using BpTrainer.ML.Tests.Programs;

const string Usage =
    """
    load MODEL ROWS [COPY]   scores saved rows with a saved pipeline and prints the bits of every score; saves the pipeline again as COPY
    save KIND FILE           writes a file over and over, until it is killed
    compiled train|fit       counts the methods that are compiled in the first training of a process
    fuzz MUTANTS [SEED]      loads damaged files, and exits with 1 if one did harm; the tests do so with 10,000
    stress [SECONDS]         computes while the garbage collector runs, and exits with 1 at the first wrong bit; 60 seconds by default
    """;

switch (args)
{
    case ["load", string model, string rows]:
        return LoadCommand.Run(model, rows, copy: null);

    case ["load", string model, string rows, string copy]:
        return LoadCommand.Run(model, rows, copy);

    case ["save", string kind, string file]:
        return FileCommands.Save(kind, file);

    case ["compiled", "train"]:
        return CompiledCommand.Train();

    case ["compiled", "fit"]:
        return CompiledCommand.Fit();

    case ["fuzz", string mutants]:
        return FileCommands.Fuzz(Number(mutants), seed: 1);

    case ["fuzz", string mutants, string seed]:
        return FileCommands.Fuzz(Number(mutants), Number(seed));

    case ["stress"]:
        return new StressCommand(TimeSpan.FromMinutes(1)).Run();

    case ["stress", string seconds]:
        return new StressCommand(TimeSpan.FromSeconds(Number(seconds))).Run();

    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
