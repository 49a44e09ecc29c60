using BpTrainer.Networks;
using BpTrainer.Numbers;
using BpTrainer.Training;

namespace BpTrainer.ML.Training;

/// <summary>The networks that options and task require: their layers, scalings and codes, and whether there is enough memory for
/// them.</summary>
internal sealed class NetworkDesign(IExceptionContext context, BackPropagationOptions options, LearningTask task)
{
    /// <summary>The layers of a network, without the weights for the codes that it reads.</summary>
    public LayerLayout[] Arrange(TrainingRows rows, bool readsCodes = false)
    {
        try
        {
            return Layers(rows, readsCodes).Arrange<float>();
        }
        catch (ArgumentException e) when (e.ParamName == "layers")
        {
            throw TooLarge(e);
        }
    }

    /// <summary>Describes a network for the rows.</summary>
    public NetworkBuilder Describe(TrainingRows rows, ColumnScaling? outputScaling, PiecewiseLinearEncoding? encoding = null)
    {
        NetworkBuilder builder = Layers(rows, readsCodes: encoding is not null);
        if (rows.InputScaling(options.FeatureScaling) is { } inputScaling)
        {
            builder.ScaleInputs(inputScaling);
        }

        if (encoding is not null)
        {
            builder.EncodeInputs(encoding);
        }

        return outputScaling is null ? builder : builder.ScaleOutputs(outputScaling);
    }

    /// <summary>The encoding of the features for the networks that read codes; null if no network reads codes.</summary>
    public PiecewiseLinearEncoding? Encode(TrainingRows rows, TrainingOptions engineOptions)
    {
        FeatureEncoding choice = options.FeatureEncoding;
        bool isLeftOut = choice.IsAuto && (rows.IsSparse || !engineOptions.TakesEncoding);
        if (isLeftOut || !choice.Encodes(network: 0))
        {
            return null;
        }

        PiecewiseLinearEncoding encoding = rows.Encode(choice.Bins);
        return choice.Allows(encoding) ? encoding : null;
    }

    /// <summary>
    /// The memory for training. If it exceeds the available memory, this throws and names the option, before any memory is allocated.
    /// </summary>
    public TrainingMemory CheckMemory(NetworkBuilder builder, TrainingOptions engineOptions, TrainingRows rows)
    {
        try
        {
            return TrainingMemory.Check<float>(builder, engineOptions, rows.CountInMemory, rows.Validation?.Rows ?? 0, rows.IsSparse);
        }
        catch (ArgumentException e) when (e.ParamName == "layers")
        {
            throw TooLarge(e);
        }
    }

    /// <summary>Throws if there is not enough memory for this number of networks, each with the indices of the rows that it learns
    /// from.</summary>
    public void CheckEnsemble(TrainingRows rows, TrainingOptions engineOptions, int size)
    {
        TrainingMemory memory = CheckMemory(Layers(rows), engineOptions, rows);
        double bytesOfOne = memory.Parameters + rows.BytesOfOrder;
        MemorySize.ThrowIfNotAvailable(size * bytesOfOne, nameof(options.Ensemble), size);
    }

    private NetworkBuilder Layers(TrainingRows rows, bool readsCodes = false)
    {
        var builder = new NetworkBuilder(rows.Inputs);
        foreach (LayerSpec layer in options.HiddenLayers.For(rows.Inputs, task.Outputs, readsCodes))
        {
            builder.Add(layer);
        }

        return builder.Add(new LayerSpec(task.Outputs, task.OutputActivation)
        {
            Initializer = options.OutputInitializer,
            Bias = options.OutputBias,
        });
    }

    private Exception TooLarge(ArgumentException e) => context.ExceptUserArg(
        nameof(options.HiddenLayers), $"{nameof(options.HiddenLayers)} is {options.HiddenLayers}. {e.Message}");
}
