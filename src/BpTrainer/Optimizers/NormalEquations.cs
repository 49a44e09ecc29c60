using BpTrainer.Threads;

namespace BpTrainer.Optimizers;

/// <summary>
/// The normal equations (JᵀJ + μI) x = −Jᵀe of a least-squares problem. J is added in blocks of rows, so that only the square matrices are
/// in memory. The equations are solved by a Cholesky factorization UᵀU, panel by panel. Threads share every step, but each number is
/// computed by one thread in a fixed order.
/// </summary>
internal sealed unsafe class NormalEquations
{
    /// <summary>The maximum number of rows of J in a block.</summary>
    public const int BlockRows = 64;

    /// <summary>The maximum number of unknowns whose matrix fits into an array.</summary>
    public const int MostUnknowns = 46_000;

    /// <summary>The number of rows of a matrix in a work item.</summary>
    private const int Group = 16;

    /// <summary>The number of rows of U that are computed before the rest of the matrix is updated; a multiple of
    /// <see cref="Group"/>.</summary>
    private const int Panel = 32;

    private readonly int _stride;
    private readonly int _columns;
    private readonly MatrixKernel<double> _kernel;
    private readonly RowKernel<double> _rowKernel;
    private readonly WorkTeam _team;
    private readonly AlignedBuffer<double> _jacobian;
    private readonly AlignedBuffer<double> _product;
    private readonly AlignedBuffer<double> _factor;
    private readonly AlignedBuffer<double> _negated;
    private readonly Action<int> _addItem;
    private readonly Action<int> _trailingItem;
    private readonly Action<int> _inverseItem;
    private readonly double[] _squares = new double[Panel];
    private int _rows;
    private int _panel;

    public NormalEquations(int unknowns, KernelKind kernel, WorkTeam team)
    {
        Unknowns = unknowns;
        _stride = AlignedBuffer<double>.Stride(unknowns);
        _columns = AlignedBuffer<double>.Pad(unknowns);
        _kernel = Kernel.CreateMatrixKernel<double>(kernel);
        _rowKernel = RowKernel<double>.Create(kernel);
        _team = team;
        _jacobian = new AlignedBuffer<double>(BlockRows * _stride);
        Gradient = new double[unknowns];
        _product = new AlignedBuffer<double>(checked(unknowns * _stride));
        _factor = new AlignedBuffer<double>(_product.Length);
        _negated = new AlignedBuffer<double>(Panel * _stride);
        _addItem = AddRows;
        _trailingItem = UpdateTrailing;
        _inverseItem = InvertColumn;
    }

    public int Unknowns { get; }

    /// <summary>e of the rows of the block.</summary>
    public double[] Errors { get; } = new double[BlockRows];

    /// <summary>Jᵀe.</summary>
    public double[] Gradient { get; }

    /// <summary>The bytes that a number of unknowns needs, at most <see cref="long.MaxValue"/>.</summary>
    public static long Bytes(long unknowns) => (long)Int128.Min(
        long.MaxValue, (Int128)sizeof(double) * (unknowns + AlignedBuffer<double>.Lanes) * ((2 * unknowns) + BlockRows + Panel + 1));

    /// <summary>A row of the block of J.</summary>
    public Span<double> RowOf(int row) => _jacobian.Span.Slice(row * _stride, Unknowns);

    public void Clear()
    {
        _product.Span.Clear();
        Gradient.AsSpan().Clear();
    }

    /// <summary>Adds the first rows of the block to JᵀJ and Jᵀe.</summary>
    public void AddBlock(int rows)
    {
        _rows = rows;
        _team.Run(WorkItems.Count(Unknowns, Group), _addItem);
        fixed (double* gradient = Gradient, jacobian = _jacobian)
        {
            for (int row = 0; row < rows; row++)
            {
                _rowKernel.AddScaled(gradient, Errors[row], jacobian + (row * (nint)_stride), Unknowns);
            }
        }
    }

    /// <summary>Adds ½ curvature (x + value)², the penalty on an unknown with this value.</summary>
    public void AddPenalty(int unknown, double curvature, double value)
    {
        _product.Span[(unknown * _stride) + unknown] += curvature;
        Gradient[unknown] += curvature * value;
    }

    /// <summary>Solves the equations for a damping μ; returns false if the matrix is not positive definite in double.</summary>
    public bool Solve(double damping, Span<double> x)
    {
        if (!Factorize(damping))
        {
            return false;
        }

        for (int k = 0; k < x.Length; k++)
        {
            x[k] = -Gradient[k];
        }

        fixed (double* solution = x, factor = _factor)
        {
            SolveTransposed(factor, solution, first: 0);
            for (int k = x.Length - 1; k >= 0; k--)
            {
                double* row = factor + (k * (nint)_stride);
                double sum = solution[k];
                for (int j = k + 1; j < x.Length; j++)
                {
                    sum -= row[j] * solution[j];
                }

                solution[k] = sum / row[k];
            }
        }

        return true;
    }

    /// <summary>
    /// tr((JᵀJ)⁻¹), the sum of the squares of the columns of U⁻ᵀ; NaN if the matrix is not positive definite in double.
    /// </summary>
    public double TraceOfInverse()
    {
        if (!Factorize(damping: 0))
        {
            return double.NaN;
        }

        double trace = 0;
        for (_panel = 0; _panel < Unknowns; _panel += Panel)
        {
            int columns = Math.Min(Panel, Unknowns - _panel);
            _team.Run(columns, _inverseItem);
            for (int column = 0; column < columns; column++)
            {
                trace += _squares[column];
            }
        }

        return trace;
    }

    /// <summary>Σx² of a column x of U⁻ᵀ.</summary>
    private void InvertColumn(int item)
    {
        int first = _panel + item;
        Span<double> column = _negated.Span.Slice(item * _stride, Unknowns)[first..];
        column.Clear();
        column[0] = 1;
        fixed (double* columns = _negated, factor = _factor)
        {
            double* x = columns + (item * (nint)_stride);
            SolveTransposed(factor, x, first);
            _squares[item] = _rowKernel.SumOfSquares(x + first, Unknowns - first);
        }
    }

    /// <summary>x ← U⁻ᵀ x, where the numbers before <paramref name="first"/> are 0 and are not read.</summary>
    private void SolveTransposed(double* factor, double* x, int first)
    {
        for (int k = first; k < Unknowns; k++)
        {
            double* row = factor + (k * (nint)_stride);
            x[k] /= row[k];
            _rowKernel.AddScaled(x + k + 1, -x[k], row + k + 1, Unknowns - k - 1);
        }
    }

    private void AddRows(int item)
    {
        int first = item * Group;
        fixed (double* jacobian = _jacobian, product = _product)
        {
            double* to = product + (first * (nint)_stride) + first;
            _kernel.Multiply(
                jacobian + first, 1, _stride, jacobian + first, _stride, to, _stride, to, _stride,
                Math.Min(Group, Unknowns - first), _columns - first, _rows);
        }
    }

    /// <summary>Computes U with UᵀU = JᵀJ + μI, in the upper triangle.</summary>
    private bool Factorize(double damping)
    {
        _product.Span.CopyTo(_factor.Span);
        for (int k = 0; k < Unknowns; k++)
        {
            _factor.Span[(k * _stride) + k] += damping;
        }

        for (_panel = 0; _panel < Unknowns; _panel += Panel)
        {
            int end = Math.Min(_panel + Panel, Unknowns);
            if (!FactorizePanel(end))
            {
                return false;
            }

            if (end < Unknowns)
            {
                _team.Run(WorkItems.Count(Unknowns - end, Group), _trailingItem);
            }
        }

        return true;
    }

    /// <summary>Computes the rows of U from the first row of the panel up to <paramref name="end"/>; returns false if there is no square
    /// root.</summary>
    private bool FactorizePanel(int end)
    {
        fixed (double* factor = _factor, negated = _negated)
        {
            for (int k = _panel; k < end; k++)
            {
                double* row = factor + (k * (nint)_stride);
                if (!(row[k] > 0 && double.IsFinite(row[k])))
                {
                    return false;
                }

                double scale = 1 / Math.Sqrt(row[k]);
                for (int j = k; j < Unknowns; j++)
                {
                    row[j] *= scale;
                    negated[((k - _panel) * (nint)_stride) + j] = -row[j];
                }

                for (int i = k + 1; i < end; i++)
                {
                    _rowKernel.AddScaled(factor + (i * (nint)_stride) + i, -row[i], row + i, Unknowns - i);
                }
            }
        }

        return true;
    }

    /// <summary>Subtracts the products of the panel from some of the rows below it.</summary>
    private void UpdateTrailing(int item)
    {
        int first = _panel + Panel + (item * Group);
        fixed (double* factor = _factor, negated = _negated)
        {
            double* to = factor + (first * (nint)_stride) + first;
            _kernel.Multiply(
                negated + first, 1, _stride, factor + (_panel * (nint)_stride) + first, _stride, to, _stride, to, _stride,
                Math.Min(Group, Unknowns - first), _columns - first, Panel);
        }
    }
}
