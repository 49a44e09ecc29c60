using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

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
