using System.Numerics;

namespace BpTrainer.Scaling;

/// <summary>
/// The scaling of inputs of which most are 0, where 0 stays 0: values come within the range that the column has with 0, widened, and if asked for the
/// others than 0 get the root mean square 1, s = √(Σw / Σw·x²). So words and categories that are rare weigh no more than frequent ones. A
/// constant column becomes 0. A column that is 0 in half the rows or more gets what <see cref="ColumnScaling.StandardizeInputs"/> gives it.
/// </summary>
internal static class SparseScaling
{
    /// <summary>Finds the scaling of a sparse set.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="isStandard">Whether values get the root mean square 1; else they stay as they are within limits.</param>
    public static ColumnScaling Of<T>(DataSet<T> data, bool isStandard) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = data.InputColumns;
        double[] weights = new double[columns], squares = new double[columns], lowest = new double[columns], highest = new double[columns];
        Array.Fill(lowest, double.PositiveInfinity);
        Array.Fill(highest, double.NegativeInfinity);
        double total = 0;
        int[] samples = data.SampleNumbers();
        for (int row = 0; row < samples.Length; row++)
        {
            double weight = double.CreateTruncating(data.Weight(row));
            total += weight;
            (SparseMatrix<T> matrix, int index) = data.SparseRow(samples[row]);
            ReadOnlySpan<int> indices = weight == 0 ? [] : matrix.ColumnsOf(index);
            ReadOnlySpan<T> values = matrix.ValuesOf(index);
            for (int i = 0; i < indices.Length; i++)
            {
                int c = indices[i];
                double x = double.CreateTruncating(values[i]);
                weights[c] += weight;
                squares[c] += weight * x * x;
                lowest[c] = Math.Min(lowest[c], x);
                highest[c] = Math.Max(highest[c], x);
            }
        }

        var scales = new double[columns];
        for (int c = 0; c < columns; c++)
        {
            bool isConstant = weights[c] == 0 || (weights[c] == total && lowest[c] == highest[c]);
            double size = isConstant ? 0 : Math.Sqrt(squares[c] / weights[c]);
            scales[c] = isStandard || !double.IsFinite(size) ? ColumnScaling.ScaleOf<T>(1, size) : 1;
            (lowest[c], highest[c]) = isConstant ? (0, 0) : ColumnScaling.Widen(Math.Min(lowest[c], 0), Math.Max(highest[c], 0));
        }

        return new ColumnScaling(new double[columns], scales, lowest, highest);
    }
}
