using BenchmarkDotNet.Running;
using BpTrainer.Benchmarks;

if (args is [] || !JsonCommands.Names.Contains(args[0]))
{
    BenchmarkSwitcher.FromAssembly(typeof(JsonCommands).Assembly).Run(args);
    return 0;
}

return JsonCommands.Run(args, Console.Out, Console.Error);
