using BpTrainer.ML.Training;
using Microsoft.ML.Numeric;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML.Models;

/// <summary>The scores of the current row of a cursor.</summary>
internal delegate ReadOnlySpan<float> CurrentScores();

/// <summary>A model that scores many rows in one matrix product.</summary>
internal interface IBlockScoredModel
{
    TrainedNetwork Trained { get; }

    int ScoresPerRow => Trained.Network.Outputs;

    /// <summary>Whether <see cref="Score(SparseMatrix{float}, Span{float})"/> can be called: no missing features are imputed.</summary>
    bool TakesSparseRows => Trained.Imputation is null;

    /// <summary>Scores rows × features that are stored without their zeros; the result is rows × <see cref="ScoresPerRow"/>.</summary>
    void Score(SparseMatrix<float> features, Span<float> scores);

    /// <summary>Scores dense rows × features; the result is rows × <see cref="ScoresPerRow"/>.</summary>
    void Score(ReadOnlySpan<float> features, Span<float> scores, int rows);

    /// <summary>
    /// Creates the <see cref="ValueGetter{TValue}"/> of an output column, such as Score, from the current scores. A binary classification
    /// predicts <see langword="true"/> above the threshold.
    /// </summary>
    Delegate CreateGetter(string column, CurrentScores current, float threshold);
}

/// <summary>A model with one score, to which each feature contributes.</summary>
internal interface IFeatureContributionModel : IBlockScoredModel, ICalculateFeatureContribution, IFeatureContributionMapper
{
    FeatureContributionCalculator ICalculateFeatureContribution.FeatureContributionCalculator => new(this);

    ValueMapper<TSource, VBuffer<float>> IFeatureContributionMapper.GetFeatureContributionMapper<TSource, TContributions>(
        int top, int bottom, bool normalize)
    {
        var contributions = new FeatureContributions(this);
        ValueMapper<VBuffer<float>, VBuffer<float>> map = (in VBuffer<float> row, ref VBuffer<float> result) =>
            contributions.Compute(row, ref result, top, bottom, normalize);
        return (ValueMapper<TSource, VBuffer<float>>)(Delegate)map;
    }
}

/// <summary>Scores one row after another, with its own memory for the dense features and the scores.</summary>
internal sealed class RowScorer(IBlockScoredModel model)
{
    private readonly int _features = model.Trained.Features;
    private readonly float[] _scores = new float[model.ScoresPerRow];
    private readonly SparseRows? _sparse = model.TakesSparseRows ? new SparseRows(model.Trained.Features) : null;
    private float[]? _dense;

    /// <summary>The scores of the row, valid until the next call.</summary>
    public ReadOnlySpan<float> Score(in VBuffer<float> row)
    {
        if (row.Length != _features)
        {
            throw Contracts.Except($"A row has {row.Length} features, but the model was trained on {_features}.");
        }

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
            row.CopyTo(_dense ??= new float[_features]);
            model.Score(_dense, _scores, 1);
        }

        return _scores;
    }
}

/// <summary>
/// How much each feature of a row adds to its score: cᵢ = f(x) − f(x with xᵢ at its baseline), the change when one feature is taken away.
/// The baseline is the value that the network's input scaling maps to 0: the mean of the training rows or the value that most of them have;
/// 0 if the inputs are not scaled. Without a hidden layer this is weight · (xᵢ − baseline), as in ML.NET's linear models, whose baseline is
/// 0.
/// </summary>
internal sealed class FeatureContributions
{
    private const int MostRows = 256;

    private readonly IBlockScoredModel _model;
    private readonly float[] _baselines;
    private readonly float[] _row;

    // Row 0 is the row itself; in each of the others one feature is at its baseline.
    private readonly float[] _rows;
    private readonly float[] _scores;

    public FeatureContributions(IBlockScoredModel model)
    {
        int features = model.Trained.Features, rows = Math.Min(MostRows, features + 1);
        ReadOnlySpan<double> offsets = model.Trained.Network.InputScaling is { } scaling ? scaling.Offsets : new double[features];
        _model = model;
        _baselines = Array.ConvertAll(offsets[..features].ToArray(), offset => (float)offset);
        _row = new float[features];
        _rows = new float[(long)rows * features];
        _scores = new float[rows];
    }

    /// <summary>Computes the contributions and keeps the <paramref name="top"/> most positive and the <paramref name="bottom"/> most
    /// negative ones; the others become 0.</summary>
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
        _row.CopyTo(_rows.AsSpan());
        for (int r = 0; r < changes.Length; r++)
        {
            _row.CopyTo(_rows.AsSpan((r + 1) * width));
            _rows[((r + 1) * width) + first + r] = _baselines[first + r];
        }

        _model.Score(_rows.AsSpan(0, (changes.Length + 1) * width), _scores.AsSpan(0, changes.Length + 1), changes.Length + 1);
        for (int r = 0; r < changes.Length; r++)
        {
            changes[r] = _scores[0] - _scores[r + 1];
        }
    }
}
