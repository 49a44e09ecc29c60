using BpTrainer.Data;
using BpTrainer.Networks;
using BpTrainer.Training;

namespace BpTrainer;

/// <summary>Measures a network on a data set, and shows every number of back-propagation, without changing the network.</summary>
public static class NetworkInspection
{
    /// <summary>
    /// Computes the mean loss over the rows like training: with their weights and scaled targets, without dropout and penalties. On a
    /// validation set, this is <see cref="EpochRecord.ValidationLoss"/>.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="network">The network.</param>
    /// <param name="data">The samples, in the user's units.</param>
    /// <param name="loss">The loss.</param>
    /// <returns>The mean loss; not finite if the network or the data has numbers that are not finite.</returns>
    /// <exception cref="ArgumentException">The samples do not have the network's numbers of inputs and outputs, or the loss is not defined
    /// for the outputs of the network or for the scaling of the targets.</exception>
    public static double Evaluate<T>(this Network<T> network, DataSet<T> data, Loss loss)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(network, data, loss);
        using RowParts<T> parts = Parts(network, data, Options(loss));
        return parts.CreateLossMeter().Measure(CancellationToken.None);
    }

    /// <summary>
    /// Runs a forward and a backward pass with all rows, like a full batch in training, and returns every number: net inputs, outputs and
    /// error terms of every layer, and the gradients of the mean loss.
    /// </summary>
    /// <inheritdoc cref="Evaluate"/>
    /// <returns>Copies of the numbers; see <see cref="Inspection{T}"/>.</returns>
    /// <exception cref="ArgumentException">The samples do not have the network's numbers of inputs and outputs, the loss is not defined for
    /// the outputs of the network or for the scaling of the targets, or there are more numbers than memory or an array can
    /// hold.</exception>
    public static Inspection<T> Inspect<T>(this Network<T> network, DataSet<T> data, Loss loss)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(network, data, loss);
        TrainingOptions options = Options(loss);
        CheckSize(network, data, options);
        var inspection = new Inspection<T>(network.Layouts, data.Rows);
        using RowParts<T> parts = Parts(network, data, options, keepsNetInputs: true);
        var gradient = new BatchGradient<T>(parts, options.Regularization);
        int rows = 0;
        inspection.Loss = gradient.RunAll(CancellationToken.None, () =>
        {
            inspection.CopyRows(parts.Pass.Work, rows, parts.Pass.SliceRows);
            rows += parts.Pass.SliceRows;
        });
        inspection.CopyGradient(gradient.Whole.Span);
        return inspection;
    }

    private static TrainingOptions Options(Loss loss) => new()
    {
        Loss = loss,
        Optimizer = Optimizer.GradientDescent(),
        BatchSize = TrainingOptions.FullBatch,
    };

    private static RowParts<T> Parts<T>(Network<T> network, DataSet<T> data, TrainingOptions options, bool keepsNetInputs = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(network, options, new InMemoryRows<T>(data), keepsNetInputs: keepsNetInputs);

    private static void Check<T>(Network<T> network, DataSet<T> data, Loss loss) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(loss);
        network.CheckShape(data.InputColumns, data.TargetColumns, nameof(data));
        loss.CheckTargets(network.OutputScaling);
    }

    private static void CheckSize<T>(Network<T> network, DataSet<T> data, TrainingOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LayerLayout[] layouts = network.Layouts;
        double rows = data.Rows;
        double largest = layouts.Max(layout => Math.Max(rows, layout.Inputs) * layout.Outputs);
        double copies = rows + layouts.Sum(layout => ((3 * rows) + layout.Inputs + 2.0) * layout.Outputs);
        bool isSparse = options.TakesSparse(network, data, validation: null);
        double bytes = MemorySize.Of<T>(copies)
            + (double)TrainingMemory.Of<T>(layouts, options, data.Rows, validationRows: 0, isSparse).Total;
        if (bytes > MemorySize.Available || largest > Array.MaxLength)
        {
            string shape = string.Join('-', layouts.Select(layout => layout.Outputs).Prepend(layouts[0].DenseInputs));
            throw new ArgumentException(
                $"{data.Rows} rows are too many to inspect the network {shape}: it would take {MemorySize.Text(bytes)} of memory, "
                + $"but only {MemorySize.Text(MemorySize.Available)} is available, and a matrix has at most {Array.MaxLength} numbers. "
                + "Select fewer rows.",
                nameof(data));
        }
    }
}
