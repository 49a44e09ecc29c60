using BpTrainer.Networks;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>
/// Learning with a batch size of 1, without dropout, penalties and bounds: forward, backward and update for one sample, without a gradient
/// in memory. The gradient of a layer is the outer product of its inputs and its error terms, which the optimizer uses directly.
/// </summary>
/// <remarks>
/// It exists in addition to <see cref="BatchGradient{T}"/> because it is faster; docs/performance.md has the measurements.
/// </remarks>
internal sealed unsafe class OnlineStep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _parameters;
    private readonly AlignedBuffer<T>? _memory;
    private readonly BatchSource<T> _source;
    private readonly Workspace<T> _work;
    private readonly OnlineLayer<T> _first;
    private readonly bool _readsInputsInPlace;

    public OnlineStep(Network<T> network, TrainingOptions options, KernelKind kernel, BatchSource<T> source, OptimizerStep<T> step)
    {
        _parameters = network.Parameters;
        _memory = step.Memory.FirstOrDefault();
        _source = source;
        _work = new Workspace<T>(network, rows: 1);
        _first = OnlineLayers.Create(network, options, kernel, _work, step);
        _readsInputsInPlace = !network.Layouts[0].IsNarrow;
    }

    /// <summary>Whether the step supports a training: batches of 1, no regularization, and inputs that are not encoded.</summary>
    public static bool Takes(TrainingOptions options, LayerLayout[] layouts, int batchSize) =>
        batchSize == 1 && options.Regularization == new Regularization() && layouts[0].Codes == 0;

    /// <summary>Learns from samples order[first .. end] one by one, and returns the sum of their losses, each measured before its
    /// update.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Run(int[] order, int first, int end, T learningRate, ref long updates, CancellationToken cancellationToken)
    {
        double loss = 0;
        fixed (T* parameters = _parameters, work = _work.Block, memory = _memory)
        {
            T* roomForInputs = work + _work.Inputs.Start, roomForTargets = work + _work.Targets.Start;
            for (; first < end && !cancellationToken.IsCancellationRequested; first++, updates++)
            {
                _source.LoadAhead(order, first);
                int row = order[first];
                T* x = _source.InputsOf(row, roomForInputs, _readsInputsInPlace);
                T* y = _source.TargetsOf(row, roomForTargets);
                loss += _first.Learn(x, dx: null, new(parameters, memory, work, y, _source.WeightOf(row), learningRate));
            }
        }

        return loss;
    }
}
