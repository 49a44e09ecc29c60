using BpTrainer.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

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

/// <summary>Scores one row after the other, with memory of its own for the dense features and the scores.</summary>
internal sealed class RowScorer(IBlockScoredModel model, int features)
{
    private readonly float[] _scores = new float[model.ScoresPerRow];
    private readonly SparseRows? _sparse = model.TakesSparseRows ? new SparseRows(features) : null;
    private float[]? _dense;

    /// <summary>The scores of the row, valid until the next call.</summary>
    public ReadOnlySpan<float> Score(in VBuffer<float> row)
    {
        Contracts.Check(row.Length == features, $"The feature vector has another length than the {features} features that the model was trained on.");
        if (row.IsDense)
        {
            model.Score(row.GetValues(), _scores, 1);
        }
        else if (_sparse is not null && SparseFeatures.Suits(row))
        {
            _sparse.Clear();
            _sparse.Add(row);
            model.Score(_sparse.ToMatrix(), _scores);
        }
        else
        {
            row.CopyTo(_dense ??= new float[features]);
            model.Score(_dense, _scores, 1);
        }

        return _scores;
    }
}
