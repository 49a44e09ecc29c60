using BpTrainer.Scaling;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Training;

/// <summary>
/// The first pass over data that does not fit into memory: counts the rows, gathers what scaling needs, and draws the
/// validation rows, which stay in memory.
/// </summary>
internal sealed class RowSurvey
{
    private readonly List<DataViewRowId> _heldIds = [];
    private readonly RowStore _held;
    private readonly int _mostHeld;
    private readonly float[] _inputs;
    private readonly float[] _targets;

    /// <summary>Prepares a survey.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="validation">Draws the validation rows.</param>
    /// <param name="mostHeld">The most validation rows to hold; when more are drawn, the share is halved.</param>
    public RowSurvey(RowSource source, ValidationDraw validation, int mostHeld)
    {
        Source = source;
        Validation = validation;
        Inputs = new ColumnStatistics(source.Inputs);
        Outputs = new ColumnStatistics(source.Task.Outputs);
        Features = new FeatureSurvey(source.Features);
        _mostHeld = mostHeld;
        _held = source.MakeStore();
        _inputs = new float[source.Inputs];
        _targets = new float[source.Task.Outputs];
        FirstTargets = new float[source.Task.Outputs];
    }

    /// <summary>The rows.</summary>
    public RowSource Source { get; }

    /// <summary>Which rows are for validation.</summary>
    public ValidationDraw Validation { get; }

    /// <summary>Mean and spread of the inputs of the training rows, their number and their total weight.</summary>
    public ColumnStatistics Inputs { get; }

    /// <summary>What teaches nothing among the features of the training rows.</summary>
    public FeatureSurvey Features { get; }

    /// <summary>Mean and spread of the targets of the training rows.</summary>
    public ColumnStatistics Outputs { get; }

    /// <summary>The targets of the first training row.</summary>
    public float[] FirstTargets { get; }

    /// <summary>Whether not all training rows have the same targets.</summary>
    public bool HasSeveralTargets { get; private set; }

    /// <summary>The validation rows; null when there are none.</summary>
    public DataSet<float>? Held => _held.Count == 0 ? null : _held.ToDataSet();

    /// <summary>What the validation rows take in memory.</summary>
    public long HeldBytes => _held.Bytes;

    /// <summary>Goes through the data.</summary>
    /// <param name="warnings">Takes a warning of the rows that were left out.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Run(WarningList warnings, CancellationToken cancellationToken)
    {
        using (var reader = new RowReader(Source, withIds: true))
        {
            while (reader.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Validation.Takes(reader.Id))
                {
                    _held.Add(reader);
                    _heldIds.Add(reader.Id);
                    HoldFewer();
                }
                else
                {
                    reader.CopyTo(_inputs, _targets);
                    Add(_inputs, _targets, reader.Weight);
                }
            }

            reader.Report(warnings, "training");
        }

        if (_held.Count is > 0 and < BackPropagationDefaults.MinimumValidationRows)
        {
            Validation.TakeNone();
            Release();
        }

        if (Inputs.Rows == 0)
        {
            throw warnings.Channel.Except($"All {_held.Count} rows of the training data fell to the validation part, because they have ids or groups that do not " +
                $"tell them apart; set {nameof(BackPropagationOptions.ValidationFraction)} to 0 or give Fit validation data.");
        }
    }

    private void HoldFewer()
    {
        while (_held.Count > _mostHeld && _held.Count > 0)
        {
            Validation.Halve();
            Release();
        }
    }

    /// <summary>Gives the rows that are no validation rows any more to training.</summary>
    private void Release()
    {
        int kept = 0;
        for (int row = 0; row < _held.Count; row++)
        {
            if (Validation.Takes(_heldIds[row]))
            {
                _held.Move(row, kept);
                _heldIds[kept] = _heldIds[row];
                kept++;
            }
            else
            {
                Add(_held.Inputs(row), _held.Targets(row), _held.Weight(row));
            }
        }

        _held.Truncate(kept);
        _heldIds.RemoveRange(kept, _heldIds.Count - kept);
    }

    private void Add(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, float weight)
    {
        if (Inputs.Rows == 0)
        {
            targets.CopyTo(FirstTargets);
        }

        HasSeveralTargets |= !targets.SequenceEqual(FirstTargets);
        Features.Add(inputs);
        Inputs.Add(inputs, weight);
        Outputs.Add(targets, weight);
    }
}
