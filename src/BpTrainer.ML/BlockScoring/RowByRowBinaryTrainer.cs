using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>
/// Our binary trainer with the result type of ML.NET's own binary trainers. ML.NET's one-versus-all trainer asks for exactly that type,
/// which is sealed; it takes the models out and scores with them itself, so block scoring has no part in it.
/// </summary>
internal sealed class RowByRowBinaryTrainer(BackPropagationBinaryTrainer trainer)
    : ITrainerEstimator<BinaryPredictionTransformer<BackPropagationBinaryModelParameters>, BackPropagationBinaryModelParameters>
{
    public TrainerInfo Info => trainer.Info;

    public BinaryPredictionTransformer<BackPropagationBinaryModelParameters> Fit(IDataView input) => trainer.Fit(input).AsBinary();

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => trainer.GetOutputSchema(inputSchema);
}
