using BpTrainer.Benchmarks;

return MLCommands.Run(args, Console.Out, Console.Error);
