using System.Reflection;

namespace BpTrainer.Examples.Tests;

/// <summary>The optimizers of the engine, from its public members.</summary>
internal static class OptimizerNames
{
    public static HashSet<string> All { get; } =
    [
        .. typeof(Optimizer).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.ReturnType == typeof(Optimizer))
            .Select(method => method.Invoke(null, [.. method.GetParameters().Select(parameter => parameter.DefaultValue)]))
            .Select(optimizer => ((Optimizer)optimizer!).Name),
    ];
}
