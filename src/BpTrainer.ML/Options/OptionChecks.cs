using System.Runtime.CompilerServices;
using BpTrainer.Numbers;

namespace BpTrainer.ML;

/// <summary>ML.NET's check of an argument, with a message that is built only if the check fails.</summary>
internal static class OptionChecks
{
    /// <summary>Throws ML.NET's exception for a bad argument unless a condition holds.</summary>
    public static void CheckUserArg(
        this IExceptionContext context, bool holds, string name,
        [InterpolatedStringHandlerArgument(nameof(holds))] ref Guard.Message message)
    {
        if (!holds)
        {
            throw context.ExceptUserArg(name, message.ToString());
        }
    }
}
