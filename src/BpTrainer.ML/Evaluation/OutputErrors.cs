namespace BpTrainer.ML;

/// <summary>Adds up the errors of one output. The spread of the labels is that of Welford (Technometrics 4, 1962), which keeps its digits far from 0.</summary>
internal sealed class OutputErrors
{
    private long _rows;
    private double _absolute;
    private double _squared;
    private double _mean;
    private double _spread;

    public void Add(double label, double score)
    {
        _rows++;
        _absolute += Math.Abs(label - score);
        _squared += (label - score) * (label - score);
        double before = label - _mean;
        _mean += before / _rows;
        _spread += before * (label - _mean);
    }

    public OutputMetrics ToMetrics(string name) => new(name, _absolute / _rows, Math.Sqrt(_squared / _rows), RSquared());

    /// <summary>As scikit-learn does it where the labels have no spread, so that one such output does not make the mean over the outputs infinite.</summary>
    private double RSquared() => (_rows, _spread) switch
    {
        (1, _) => double.NaN,
        (_, 0) => _squared == 0 ? 1 : 0,
        _ => 1 - (_squared / _spread),
    };
}
