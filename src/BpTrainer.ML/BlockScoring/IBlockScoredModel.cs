using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML;

namespace BpTrainer.ML.BlockScoring;

/// <summary>The scores of the row where a cursor stands.</summary>
internal delegate ReadOnlySpan<float> CurrentScores();

/// <summary>A model that scores many rows in one matrix product.</summary>
internal interface IBlockScoredModel
{
    /// <summary>The number of scores of a row.</summary>
    int ScoresPerRow { get; }

    /// <summary>Whether <see cref="Score(SparseMatrix{float}, Span{float})"/> can be called: no missing features are imputed.</summary>
    bool TakesSparseRows { get; }

    /// <summary>Scores rows without their zeros.</summary>
    /// <param name="features">rows × features.</param>
    /// <param name="scores">Receives rows × <see cref="ScoresPerRow"/>.</param>
    void Score(SparseMatrix<float> features, Span<float> scores);

    /// <summary>Scores dense rows.</summary>
    /// <param name="features">rows × features, row after row.</param>
    /// <param name="scores">Receives rows × <see cref="ScoresPerRow"/>.</param>
    /// <param name="rows">The number of rows.</param>
    void Score(ReadOnlySpan<float> features, Span<float> scores, int rows);

    /// <summary>Makes the getter of an output column, such as Score or PredictedLabel.</summary>
    /// <param name="column">The name of the column.</param>
    /// <param name="current">The scores to make the value from.</param>
    /// <param name="threshold">The score above which a binary classification predicts true.</param>
    /// <returns>A <see cref="Microsoft.ML.ValueGetter{TValue}"/> of the column's type.</returns>
    Delegate CreateGetter(string column, CurrentScores current, float threshold);
}

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
