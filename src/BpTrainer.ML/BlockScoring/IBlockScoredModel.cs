using BpTrainer.ML.BlockScoring;
using BpTrainer.ML.Training;
using Microsoft.ML.Numeric;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML.BlockScoring;

/// <summary>The scores of the row where a cursor stands.</summary>
internal delegate ReadOnlySpan<float> CurrentScores();

/// <summary>A model that scores many rows in one matrix product.</summary>
internal interface IBlockScoredModel
{
    int ScoresPerRow { get; }

    /// <summary>Whether <see cref="Score(SparseMatrix{float}, Span{float})"/> can be called: no missing features are imputed.</summary>
    bool TakesSparseRows { get; }

    /// <summary>Scores rows without their zeros, rows × features, into rows × <see cref="ScoresPerRow"/>.</summary>
    void Score(SparseMatrix<float> features, Span<float> scores);

    /// <summary>Scores dense rows, rows × features, into rows × <see cref="ScoresPerRow"/>.</summary>
    void Score(ReadOnlySpan<float> features, Span<float> scores, int rows);

    /// <summary>
    /// Creates the <see cref="ValueGetter{TValue}"/> of an output column, such as Score, from the current scores. A binary classification
    /// predicts true above the threshold.
    /// </summary>
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
        Contracts.Check(
            row.Length == features, $"The feature vector has another length than the {features} features that the model was trained on.");
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

/// <summary>
/// How much each feature of a row adds to its score: cᵢ = f(x) − f(x with xᵢ at its baseline), the change that taking one feature away
/// makes. The baseline is what the network's scaling of its inputs takes to 0: the mean of the training rows or the value that most of them
/// have, and 0 without normalization. Without a hidden layer this is weight · (xᵢ − baseline), as in ML.NET's linear models, whose baseline
/// is 0.
/// </summary>
internal sealed class FeatureContributions(IBlockScoredModel model, float[] baselines)
{
    private const int MostRows = 256;

    // Row 0 is the row itself; each other one lacks a feature.
    private readonly float[] _rows = new float[(long)Math.Min(MostRows, baselines.Length + 1) * baselines.Length];
    private readonly float[] _scores = new float[Math.Min(MostRows, baselines.Length + 1)];
    private readonly float[] _row = new float[baselines.Length];

    /// <summary>Computes the contributions: the top most positive and the bottom most negative ones; the others become 0.</summary>
    public void Compute(in VBuffer<float> features, ref VBuffer<float> contributions, int top, int bottom, bool normalize)
    {
        features.CopyTo(_row);
        VBufferEditor<float> editor = VBufferEditor.Create(ref contributions, _row.Length);
        int step = _scores.Length - 1;
        for (int first = 0; first < _row.Length; first += step)
        {
            Score(first, editor.Values.Slice(first, Math.Min(step, _row.Length - first)));
        }

        contributions = editor.Commit();
        VectorUtils.SparsifyNormalize(ref contributions, top, bottom, normalize);
    }

    private void Score(int first, Span<float> changes)
    {
        int width = _row.Length;
        for (int r = 0; r <= changes.Length; r++)
        {
            _row.CopyTo(_rows.AsSpan(r * width, width));
        }

        for (int r = 0; r < changes.Length; r++)
        {
            _rows[((r + 1) * width) + first + r] = baselines[first + r];
        }

        model.Score(_rows.AsSpan(0, (changes.Length + 1) * width), _scores.AsSpan(0, changes.Length + 1), changes.Length + 1);
        for (int r = 0; r < changes.Length; r++)
        {
            changes[r] = _scores[0] - _scores[r + 1];
        }
    }
}
