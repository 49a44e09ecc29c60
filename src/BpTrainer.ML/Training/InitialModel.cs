namespace BpTrainer.ML.Training;

/// <summary>A model whose training is continued.</summary>
/// <param name="Networks">The networks: one, or those of an ensemble.</param>
/// <param name="States">The state of the optimizer for each; empty if it was not kept.</param>
/// <param name="Imputation">What replaces missing features; null if rows without them were left out.</param>
/// <param name="Outputs">The classes, or the labels of a vector, that their outputs stand for; empty if they have no names.</param>
internal sealed record InitialModel(
    IReadOnlyList<Network<float>> Networks, IReadOnlyList<OptimizerState> States, MeanImputation? Imputation, string[] Outputs) : IPredictor
{
    /// <summary>The most names that a message lists.</summary>
    private const int MostNames = 5;

    PredictionKind IPredictor.PredictionKind => PredictionKind.Custom;

    /// <summary>The model with its outputs in the order of the data, if both say what these stand for.</summary>
    /// <exception cref="ArgumentException">The data has other classes or labels than the model; the message names them.</exception>
    public InitialModel Align(IExceptionContext context, IChannel channel, DataViewSchema.Column label)
    {
        string[] names = label.Type is KeyDataViewType ? ColumnNames.KeysOf(label) ?? [] : ColumnNames.SlotsOf(label);
        if (names.Length == 0 || Outputs.Length == 0 || names.SequenceEqual(Outputs))
        {
            return this;
        }

        if (!names.Order().SequenceEqual(Outputs.Order()) || names.Distinct().Count() < names.Length)
        {
            throw context.ExceptUserArg(
                nameof(BackPropagationOptions.InitialModel),
                $"The training of the initial model cannot be continued: its outputs stand for {List(Outputs)}, " +
                $"but the label column '{label.Name}' has {List(names)}" +
                $"{Difference("the model lacks", names.Except(Outputs))}{Difference("the data lacks", Outputs.Except(names))}. " +
                "Send the data through the steps that the model's data went through.");
        }

        channel.Info(
            $"The initial model has {List(Outputs)} in another order than the label column '{label.Name}': " +
            $"its outputs are reordered{(States.Count > 0 ? ", and the optimizer starts anew" : "")}.");
        int[] order = Array.ConvertAll(names, name => Array.IndexOf(Outputs, name));
        return this with { Networks = [.. Networks.Select(network => network.ReorderOutputs(order))], States = [], Outputs = names };
    }

    /// <summary>Throws when the model imputes missing features of other data, or does not impute though that is asked for.</summary>
    public void CheckImputation(IExceptionContext context, int features, bool isAskedFor)
    {
        if (isAskedFor && Imputation is null)
        {
            throw context.ExceptUserArg(
                nameof(BackPropagationOptions.ImputeMissingFeatures),
                $"{nameof(BackPropagationOptions.ImputeMissingFeatures)} is true, but the initial model was trained without: " +
                "its network has no inputs that say what is missing.");
        }

        if (Imputation is not null && Imputation.Features != features)
        {
            throw Mismatch(context, 1, $"takes {Imputation.Features} features in the model, but the data has {features}");
        }
    }

    /// <summary>Throws when the networks are not of the shape that options and data ask for, or not as many.</summary>
    public void CheckShape(IExceptionContext context, Network<float> asked, int count)
    {
        if (Networks.Count != count)
        {
            throw context.ExceptUserArg(
                nameof(BackPropagationOptions.Ensemble),
                $"{nameof(BackPropagationOptions.Ensemble)} is {count}, but must be {Networks.Count}, as in the initial model.");
        }

        foreach (Network<float> network in Networks)
        {
            if (network.Inputs != asked.Inputs)
            {
                throw Mismatch(context, 1, $"takes {network.Inputs} features in the model, but the data has {asked.Inputs}");
            }

            for (int k = 0; k < Math.Max(network.Layers.Count, asked.Layers.Count); k++)
            {
                string has = Describe(network, k), wants = Describe(asked, k);
                if (has != wants)
                {
                    throw Mismatch(context, k + 1, $"is {has} in the model, but options and data ask for {wants}");
                }
            }
        }
    }

    private static string List(IEnumerable<string> names)
    {
        string[] all = [.. names];
        string more = all.Length > MostNames ? $" and {all.Length - MostNames} more" : "";
        return string.Join(", ", all.Take(MostNames).Select(name => $"'{name}'")) + more;
    }

    private static string Difference(string what, IEnumerable<string> names) => names.Any() ? $"; {what} {List(names)}" : "";

    private static string Describe(Network<float> network, int index)
    {
        if (index >= network.Layers.Count)
        {
            return "no layer";
        }

        Layer<float> layer = network.Layers[index];
        string bias = layer.Bias == BiasKind.PerUnit ? "" : $" with the bias {layer.Bias}";
        string place = index == network.Layers.Count - 1 ? "an output" : "a hidden";
        return $"{place} layer of {layer.Outputs} {layer.Activation} units{bias}";
    }

    private static Exception Mismatch(IExceptionContext context, int layer, string difference) => context.ExceptUserArg(
        nameof(BackPropagationOptions.InitialModel), $"The training of the initial model cannot be continued: layer {layer} {difference}.");
}
