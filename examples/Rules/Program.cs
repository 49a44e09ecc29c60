using System.Text;
using BpTrainer.Examples.Rules;

Console.OutputEncoding = Encoding.UTF8;
return CommandLine.Run(args, Console.Out, Console.Error);
