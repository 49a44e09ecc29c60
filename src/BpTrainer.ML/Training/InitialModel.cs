using BpTrainer.Networks;

namespace BpTrainer.ML.Training;

/// <summary>
/// A model whose training is continued: its networks, their weights in its predictions, the index of the best network, the optimizer state
/// of each network (empty if it was not kept), the replacements of missing features, and the names of the classes or labels that the
/// outputs stand for (empty if they have no names).
/// </summary>
internal sealed record InitialModel(
    IReadOnlyList<Network<float>> Networks, IReadOnlyList<double> Weights, int Best, IReadOnlyList<OptimizerState> States,
    MeanImputation? Imputation, string[] Outputs) : IPredictor
{
    PredictionKind IPredictor.PredictionKind => PredictionKind.Custom;

    /// <summary>Returns the model with its outputs in the order of the data, if both have names for them.</summary>
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
                "Transform the data with the steps that the model's data went through.");
        }

        channel.Info(
            $"The initial model has {List(Outputs)}, and the label column '{label.Name}' has them in another order: " +
            $"the outputs are reordered{(States.Count > 0 ? ", and the optimizer starts anew" : "")}.");
        int[] order = Array.ConvertAll(names, name => Array.IndexOf(Outputs, name));
        return this with { Networks = [.. Networks.Select(network => network.ReorderOutputs(order))], States = [], Outputs = names };
    }

    /// <summary>Throws if the model imputes missing features but for another number of features, or does not impute although the options
    /// require it.</summary>
    public void CheckImputation(IExceptionContext context, int features, bool isAskedFor)
    {
        context.CheckUserArg(
            !isAskedFor || Imputation is not null,
            nameof(BackPropagationOptions.ImputeMissingFeatures),
            $"{nameof(BackPropagationOptions.ImputeMissingFeatures)} is true, but the initial model was trained without it: " +
            "its network has no inputs that indicate what is missing.");
        if (Imputation is not null && Imputation.Features != features)
        {
            throw Mismatch(context, 1, $"takes {Imputation.Features} features in the model, but the data has {features}");
        }
    }

    /// <summary>
    /// Throws if the networks do not have the shape or the number that options and data require. Whether a network reads codes depends on
    /// the model.
    /// </summary>
    /// <param name="layersFor">Returns the layers of a network that reads codes, or of one that does not.</param>
    public void CheckShape(IExceptionContext context, Func<bool, LayerLayout[]> layersFor, int count)
    {
        context.CheckUserArg(
            Networks.Count == count,
            nameof(BackPropagationOptions.Ensemble),
            $"{nameof(BackPropagationOptions.Ensemble)} is {count}, but must be {Networks.Count}, as in the initial model.");
        foreach (LayerLayout[] layers in Networks.Select(network => network.Layouts))
        {
            LayerLayout[] asked = layersFor(layers[0].Codes > 0);
            if (layers[0].DenseInputs != asked[0].DenseInputs)
            {
                throw Mismatch(context, 1, $"takes {layers[0].DenseInputs} features in the model, but the data has {asked[0].DenseInputs}");
            }

            for (int k = 0; k < Math.Max(layers.Length, asked.Length); k++)
            {
                string has = Describe(layers, k), wants = Describe(asked, k);
                if (has != wants)
                {
                    throw Mismatch(context, k + 1, $"is {has} in the model, but options and data require {wants}");
                }
            }
        }
    }

    private static string List(IEnumerable<string> names) => WarningList.Names([.. names.Select(name => $"'{name}'")], most: 5);

    private static string Difference(string what, IEnumerable<string> names) => names.Any() ? $"; {what} {List(names)}" : "";

    private static string Describe(LayerLayout[] layers, int index)
    {
        if (index >= layers.Length)
        {
            return "no layer";
        }

        LayerSpec layer = layers[index].Spec;
        string bias = layer.Bias == BiasKind.PerUnit ? "" : $" with the bias {layer.Bias}";
        string place = index == layers.Length - 1 ? "an output" : "a hidden";
        return $"{place} layer of {layer.Units} {layer.Activation} units{bias}";
    }

    private static Exception Mismatch(IExceptionContext context, int layer, string difference) => context.ExceptUserArg(
        nameof(BackPropagationOptions.InitialModel), $"The training of the initial model cannot be continued: layer {layer} {difference}.");
}
