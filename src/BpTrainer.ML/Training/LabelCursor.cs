using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>
/// Goes through the rows with usable weight and labels; whether features are checked as well, the options say. It is ML.NET's
/// cursor of feature vectors, to which it adds a label that is a number or a vector of them: a row with one number that is missing or infinite is left out and counted.
/// </summary>
internal sealed class LabelCursor : FeatureFloatVectorCursor
{
    private readonly ValueGetter<VBuffer<float>>? _readVector;
    private readonly ValueGetter<float>? _readNumber;
    private readonly string _column;
    private readonly bool _counts;
    private readonly float[] _labels;
    private VBuffer<float> _vector;

    /// <param name="data">The data.</param>
    /// <param name="options">What to read beside the label.</param>
    /// <param name="task">What is to be learned.</param>
    /// <param name="shuffle">Draws the order of the rows, if the data view can change it; null for its own order.</param>
    /// <param name="more">The indices of other columns to read.</param>
    public LabelCursor(RoleMappedData data, CursOpt options, LearningTask task, Random? shuffle, params int[] more)
        : base(data, options | CursOpt.Label, shuffle, more)
    {
        DataViewSchema.Column label = data.Schema.Label!.Value;
        _column = label.Name;
        _counts = task.Counts;
        if (label.Type is VectorDataViewType vector)
        {
            _readVector = Row.GetGetter<VBuffer<float>>(Row.Schema[label.Index]);
            _labels = new float[vector.Size];
        }
        else
        {
            _readNumber = Row.GetLabelFloatGetter(data);
            _labels = new float[1];
        }
    }

    /// <summary>The labels of the row: one, or those of the vector.</summary>
    public ReadOnlySpan<float> Labels => _labels;

    /// <summary>The rows that were left out for their labels.</summary>
    public long BadLabelCount { get; private set; }

    /// <summary>Reads the row, and says whether it can be used.</summary>
    public override bool Accept()
    {
        // The label first: features are the expensive part.
        if (_readVector is null)
        {
            _readNumber!(ref _labels[0]);
        }
        else
        {
            _readVector(ref _vector);
            _vector.CopyTo(_labels);
        }

        if (!Finite.All(_labels))
        {
            BadLabelCount++;
            return false;
        }

        if (_counts && Array.Find(_labels, label => label < 0) is < 0 and float negative)
        {
            throw Contracts.Except(FormattableString.Invariant(
                $"Column '{_column}' has the label {negative}, but {nameof(Loss)} {Loss.Poisson} takes counts and rates, which are 0 or more."));
        }

        return base.Accept();
    }
}
