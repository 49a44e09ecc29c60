using BpTrainer.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Training;

/// <summary>The training rows of data that does not fit into memory, read anew from the data view in every pass.</summary>
internal sealed class StreamedRows(RowSurvey survey) : IRowStream<float>, IDisposable
{
    private readonly bool _hasWeights = survey.Source.HasWeights;
    private RowReader? _reader;

    public int InputColumns => survey.Inputs.Columns;

    public int TargetColumns => survey.Source.Task.Outputs;

    public long Rows => survey.Inputs.Rows;

    public double? TotalWeight => _hasWeights ? survey.Inputs.TotalWeight : null;

    public void Restart(int? shuffleSeed)
    {
        _reader?.Dispose();

        // ML.NET's generator has a fixed algorithm; System.Random's may change from one .NET to the next.
        _reader = new RowReader(survey.Source, withIds: true, shuffleSeed is { } seed ? RandomUtils.Create(seed) : null);
    }

    public int Read(Span<float> inputs, Span<float> targets, Span<float> weights)
    {
        int room = inputs.Length / InputColumns;
        int rows = 0;
        while (rows < room && _reader!.MoveNext())
        {
            if (survey.Validation.Takes(_reader.Id))
            {
                continue;
            }

            _reader.CopyTo(inputs.Slice(rows * InputColumns, InputColumns), targets.Slice(rows * TargetColumns, TargetColumns));
            if (_hasWeights)
            {
                weights[rows] = _reader.Weight;
            }

            rows++;
        }

        return rows;
    }

    public void Dispose() => _reader?.Dispose();
}
