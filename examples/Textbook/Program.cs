// Examples from texts on back-propagation, one page for each. Runs all pages, or those that the arguments name.
using System.Text;
using BpTrainer.Examples.Textbook;

Console.OutputEncoding = Encoding.UTF8;
if (args.FirstOrDefault(name => !Pages.All.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no page '{unknown}'. The pages are {string.Join(", ", Pages.All.Keys)}.");
    return 2;
}

foreach (string name in args.Length > 0 ? args : [.. Pages.All.Keys])
{
    Console.WriteLine($"== {name}");
    Pages.All[name](Console.Out);
    Console.WriteLine();
}

return 0;
