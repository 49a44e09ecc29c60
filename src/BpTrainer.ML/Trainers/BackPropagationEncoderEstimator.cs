namespace BpTrainer.ML;

/// <summary>
/// Trains a network with a trainer, and then adds the codes of one of its hidden layers to data instead of predictions, so that the next
/// steps of a pipeline can learn from them. Create it with <c>AsEncoder</c> of a trainer.
/// </summary>
/// <remarks>
/// For the rows that the network was trained on, the codes depend on the labels: a model that learns from these codes may look better on
/// those rows than on new ones.
/// </remarks>
/// <typeparam name="TModel">The type of the trainer's model.</typeparam>
public sealed class BackPropagationEncoderEstimator<TModel> : IEstimator<BackPropagationEncoderTransformer>
    where TModel : class
{
    private readonly BackPropagationTrainer<TModel> _trainer;
    private readonly int _hiddenLayer;
    private readonly string _outputColumnName;

    internal BackPropagationEncoderEstimator(BackPropagationTrainer<TModel> trainer, int hiddenLayer, string outputColumnName)
    {
        _trainer = trainer;
        _hiddenLayer = hiddenLayer;
        _outputColumnName = outputColumnName;
    }

    /// <summary>Trains the network.</summary>
    /// <param name="input">The training rows.</param>
    /// <returns>The transformer that adds the codes.</returns>
    public BackPropagationEncoderTransformer Fit(IDataView input) => _trainer.Fit(input).ToEncoder(_hiddenLayer, _outputColumnName);

    /// <summary>Returns the columns of the input and the column of the codes.</summary>
    /// <param name="inputSchema">The columns of the input.</param>
    /// <returns>The columns of the output.</returns>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        // The trainer checks the columns that it reads.
        _trainer.GetOutputSchema(inputSchema);
        var codes = new SchemaShape.Column(
            _outputColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false);
        return new SchemaShape(inputSchema.Where(column => column.Name != codes.Name).Append(codes));
    }
}
