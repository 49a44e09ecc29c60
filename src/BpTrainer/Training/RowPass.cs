using BpTrainer.Data;
using BpTrainer.Threads;

namespace BpTrainer.Training;

/// <summary>
/// Copies slices of samples into the rows of the workspace, where the threads of a team process them. Gradients, losses and the Jacobian
/// are all computed in this way.
/// </summary>
internal sealed unsafe class RowPass<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Action<int> _item;
    private SampleOrder<T>? _orderOfPass;
    private Action<int, int> _compute = (_, _) => { };
    private int[] _order = [];
    private int _first;
    private int _rowsOfItem;
    private long _divisor;
    private bool _gathers;
    private int _rowsOfBlock;
    private int _next;
    private long _seen;

    public RowPass(TrainingRows<T> rows, Network<T> network, KernelKind kernel, Workspace<T> work, WorkTeam team)
    {
        Rows = rows;
        Work = work;
        Team = team;
        _item = RunItem;
        Source = new BatchSource<T>(rows.Block, network, kernel);
    }

    public TrainingRows<T> Rows { get; }

    public Workspace<T> Work { get; }

    public WorkTeam Team { get; }

    public BatchSource<T> Source { get; }

    /// <summary>The samples of the slice: the first rows of the workspace.</summary>
    public int SliceRows { get; private set; }

    public void Dispose() => Source.Dispose();

    /// <summary>Begins a pass over all samples in their original order.</summary>
    public void Restart()
    {
        Rows.Restart(isShuffled: false);
        _orderOfPass ??= new SampleOrder<T>(Rows.Block);
        _rowsOfBlock = _next = 0;
        _seen = 0;
    }

    /// <summary>Moves to the next slice of the pass over the first samples, at most <paramref name="most"/>; false at the end.</summary>
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

    /// <summary>Selects the samples order[first .. first + rows] as the slice, at most as many as the workspace has rows.</summary>
    public void Select(int[] order, int first, int rows)
    {
        _order = order;
        _first = first;
        SliceRows = rows;
        Source.Begin(Work, order, first, rows);
    }

    /// <summary>
    /// Copies the slice into the workspace, with the weights divided by <paramref name="divisor"/>: 1 for a sum, the batch size for a mean.
    /// Several threads then call <paramref name="compute"/> with the first and the end row of their part.
    /// </summary>
    public void Run(long divisor, Action<int, int> compute)
    {
        _divisor = divisor;
        Share(compute, gathers: true);
    }

    /// <summary>Processes the slice that is already in the workspace.</summary>
    public void RunAgain(Action<int, int> compute) => Share(compute, gathers: false);

    private void Share(Action<int, int> compute, bool gathers)
    {
        _compute = compute;
        _gathers = gathers;
        _rowsOfItem = WorkItems.Size(SliceRows, Team.Threads, WorkItems.RowGroup);
        Team.Run(WorkItems.Count(SliceRows, _rowsOfItem), _item);
    }

    private void RunItem(int item)
    {
        int first = item * _rowsOfItem;
        int end = Math.Min(first + _rowsOfItem, SliceRows);
        if (_gathers)
        {
            fixed (T* block = Work.Block)
            {
                Source.Gather(Work, block, _order, _first, first, end, _divisor);
            }
        }

        _compute(first, end);
    }
}
