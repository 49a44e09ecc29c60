using System.Text;
using BpTrainer.Examples.Cluster;

Console.OutputEncoding = Encoding.UTF8;
return CommandLine.Run(args, Console.Out, Console.Error);
