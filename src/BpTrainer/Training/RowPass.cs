using BpTrainer.Data;
using BpTrainer.Threads;

namespace BpTrainer.Training;

/// <summary>
/// The one way from rows of data to work on them: a slice of samples is copied into the rows of the workspace and worked on there, shared
/// by the threads of a team. Gradients, losses and the Jacobian go through it.
/// </summary>
internal sealed class RowPass<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Action<int> _gatherItem;
    private readonly Action<int> _computeItem;
    private SampleOrder<T>? _orderOfPass;
    private Action<int, int> _compute = (_, _) => { };
    private int[] _order = [];
    private int _first;
    private int _rowsOfItem;
    private int _divisor;
    private int _rowsOfBlock;
    private int _next;
    private long _seen;

    public RowPass(TrainingRows<T> rows, Network<T> network, KernelKind kernel, Workspace<T> work, WorkTeam team)
    {
        Rows = rows;
        Work = work;
        Team = team;
        _gatherItem = GatherAndCompute;
        _computeItem = Compute;
        Source = new BatchSource<T>(rows.Block, network, kernel);
    }

    public TrainingRows<T> Rows { get; }

    public Workspace<T> Work { get; }

    public WorkTeam Team { get; }

    /// <summary>Copies samples into the workspace.</summary>
    public BatchSource<T> Source { get; }

    /// <summary>The samples of the slice, which are the first rows of the workspace.</summary>
    public int SliceRows { get; private set; }

    public void Dispose() => Source.Dispose();

    /// <summary>Begins a pass over all samples, in their order.</summary>
    public void Restart()
    {
        Rows.Restart(isShuffled: false);
        _orderOfPass ??= new SampleOrder<T>(Rows.Block);
        _rowsOfBlock = _next = 0;
        _seen = 0;
    }

    /// <summary>Moves to the next slice of the pass.</summary>
    /// <param name="cancellationToken">Ends the pass early.</param>
    /// <param name="most">The most samples of the pass: the first ones.</param>
    /// <returns>False at the end of the pass.</returns>
    public bool NextSlice(CancellationToken cancellationToken, long most = long.MaxValue)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        if (_next == _rowsOfBlock)
        {
            _rowsOfBlock = _seen < most ? Rows.Next(cancellationToken, (int)Math.Min(most - _seen, int.MaxValue)) : 0;
            _seen += _rowsOfBlock;
            _next = 0;
            if (_rowsOfBlock == 0)
            {
                return false;
            }
        }

        Select(_orderOfPass!.For(_rowsOfBlock), _next, Math.Min(Work.Rows, _rowsOfBlock - _next));
        _next += SliceRows;
        return true;
    }

    /// <summary>Makes samples order[first .. first + rows] the slice; no more of them than the workspace has rows.</summary>
    public void Select(int[] order, int first, int rows)
    {
        _order = order;
        _first = first;
        SliceRows = rows;
        Source.Begin(Work, order, first, rows);
    }

    /// <summary>Copies the slice into the workspace and works on it there.</summary>
    /// <param name="divisor">What weights and losses of the samples are divided by: 1 for a sum, the batch size for a mean.</param>
    /// <param name="compute">Works on rows of the workspace, from the first number up to the second. Threads call it for rows of their
    /// own.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int divisor, Action<int, int> compute)
    {
        _divisor = divisor;
        Share(compute, _gatherItem);
    }

    /// <summary>Works on the slice as it is in the workspace.</summary>
    public void RunAgain(Action<int, int> compute) => Share(compute, _computeItem);

    private void Share(Action<int, int> compute, Action<int> item)
    {
        _compute = compute;
        _rowsOfItem = WorkItems.Size(SliceRows, Team.Threads, WorkItems.RowGroup);
        Team.Run(WorkItems.Count(SliceRows, _rowsOfItem), item);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GatherAndCompute(int item)
    {
        int first = item * _rowsOfItem;
        int end = Math.Min(first + _rowsOfItem, SliceRows);
        Source.Gather(Work, _order, _first, first, end, _divisor);
        _compute(first, end);
    }

    private void Compute(int item)
    {
        int first = item * _rowsOfItem;
        _compute(first, Math.Min(first + _rowsOfItem, SliceRows));
    }
}
