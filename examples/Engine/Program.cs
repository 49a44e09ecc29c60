using System.Diagnostics;
using System.Text;
using BpTrainer.Examples;
using BpTrainer.Examples.Engine;

Console.OutputEncoding = Encoding.UTF8;
TextWriter output = Console.Out;
long start = Stopwatch.GetTimestamp();
try
{
    WorkedExample.Run(output);
    Xor.Run(output);
    Digits.Run(output);
    ThreeSets.Run(output);
}
catch (UserError error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

output.WriteLine($"All of it took {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s.");
return 0;
