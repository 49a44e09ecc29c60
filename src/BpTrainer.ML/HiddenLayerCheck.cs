using BpTrainer.Networks;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>Checks the options that shape the network: each fault is named with its option, its value and what would be right.</summary>
internal static class HiddenLayerCheck
{
    public static void Run(IExceptionContext context, BackPropagationOptions options)
    {
        context.CheckUserArg(options.HiddenLayers is not null, nameof(options.HiddenLayers), "is null; an empty array means no hidden layer.");
        foreach (int units in options.HiddenLayers!)
        {
            CheckUnits(context, nameof(options.HiddenLayers), units);
        }

        CheckActivation(context, nameof(options.Activation), options.Activation);
        context.CheckUserArg(options.OutputInitializer is not null, nameof(options.OutputInitializer), "is null.");
        BackPropagationOptions.CheckRange(
            context,
            options.HiddenSizeAddend is null or (>= 1 and <= HiddenSize.LargestAddend),
            nameof(options.HiddenSizeAddend),
            $"is {options.HiddenSizeAddend}, but must be from 1 to {HiddenSize.LargestAddend}.");
        CheckActivations(context, options);
        CheckLayers(context, options);
    }

    private static void CheckActivations(IExceptionContext context, BackPropagationOptions options)
    {
        if (options.Activations is not { } activations)
        {
            return;
        }

        int layers = options.HiddenSizeAddend is null ? options.HiddenLayers.Length : 1;
        BackPropagationOptions.CheckRange(
            context,
            activations.Length == layers,
            nameof(options.Activations),
            $"has {activations.Length} activations, but there are {layers} hidden layers: each needs one.");
        foreach (Activation activation in activations)
        {
            CheckActivation(context, nameof(options.Activations), activation);
        }
    }

    private static void CheckLayers(IExceptionContext context, BackPropagationOptions options)
    {
        if (options.Layers is not { } layers)
        {
            return;
        }

        context.CheckUserArg(
            options.HiddenSizeAddend is null && options.Activations is null && options.Initializer is null,
            nameof(options.Layers),
            $"says all about the hidden layers, so that {nameof(options.HiddenSizeAddend)}, {nameof(options.Activations)} and {nameof(options.Initializer)} cannot be given too.");
        foreach (LayerSpec layer in layers)
        {
            context.CheckUserArg(layer is not null, nameof(options.Layers), "has a layer that is null.");
            CheckUnits(context, nameof(options.Layers), layer!.Units);
            CheckActivation(context, nameof(options.Layers), layer.Activation);
            BackPropagationOptions.CheckRange(
                context,
                Enum.IsDefined(layer.Bias),
                nameof(options.Layers),
                $"has a layer with the kind of bias {layer.Bias}, but it must be PerNeuron, Shared or Frozen.");
        }
    }

    private static void CheckUnits(IExceptionContext context, string option, int units) =>
        BackPropagationOptions.CheckRange(context, units >= 1, option, $"has a layer of {units} neurons, but each must have at least 1.");

    private static void CheckActivation(IExceptionContext context, string option, Activation activation)
    {
        context.CheckUserArg(activation is not null, option, "has an activation that is null.");
        BackPropagationOptions.CheckRange(
            context,
            activation != Activation.HardLimit,
            option,
            $"has the activation {activation}, whose derivative is 0, so that nothing is learned through it; logistic and tanh are smooth steps.");
    }
}
