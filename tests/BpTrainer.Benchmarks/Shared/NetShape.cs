namespace BpTrainer.Benchmarks;

/// <summary>The network of a benchmark, and what it learns.</summary>
/// <param name="Inputs">The number of inputs.</param>
/// <param name="Hidden">The units of each hidden layer.</param>
/// <param name="Outputs">The number of outputs.</param>
/// <param name="Activation">The activation of the hidden layers.</param>
/// <param name="IsMulticlass">Softmax outputs with the cross-entropy; otherwise linear ones with half the squared error.</param>
internal sealed record NetShape(int Inputs, IReadOnlyList<int> Hidden, int Outputs, Activation Activation, bool IsMulticlass)
{
    /// <summary>784-256-10 with ReLU and softmax: the size of the digits of MNIST and the clothes of Fashion-MNIST.</summary>
    public static NetShape Image { get; } = new(784, [256], 10, Activation.ReLU, IsMulticlass: true);

    /// <summary>13-50-1 with tanh: the size of the Boston housing table.</summary>
    public static NetShape Table { get; } = new(13, [50], 1, Activation.Tanh, IsMulticlass: false);

    /// <summary>10-20-1 with tanh: a net so small that overhead decides.</summary>
    public static NetShape Tiny { get; } = new(10, [20], 1, Activation.Tanh, IsMulticlass: false);

    /// <summary>The bins of a piecewise linear encoding of every input; 0 for none. The work on codes is not counted.</summary>
    public int Bins { get; init; }

    /// <summary>The loss of the training.</summary>
    public Loss Loss => IsMulticlass ? Loss.CategoricalCrossEntropy() : Loss.HalfSquaredError;

    /// <summary>
    /// Floating-point operations to train on one sample: a multiplication and an addition for every weight in each of the
    /// three products x·W, δ·Wᵀ and xᵀ·δ, so 6·Σ nᵢₙ·nₒᵤₜ over the layers; less 2·nᵢₙ·nₒᵤₜ of the first layer, whose inputs
    /// need no error term. Biases, activations, loss and update are not counted.
    /// </summary>
    public double OperationsPerSample
    {
        get
        {
            int[] units = [Inputs, .. Hidden, Outputs];
            double operations = -2.0 * units[0] * units[1];
            for (int k = 1; k < units.Length; k++)
            {
                operations += 6.0 * units[k - 1] * units[k];
            }

            return operations;
        }
    }

    /// <summary>Floating-point operations to predict one row: a multiplication and an addition for every weight.</summary>
    public double OperationsPerRow
    {
        get
        {
            int[] units = [Inputs, .. Hidden, Outputs];
            return 2.0 * units.Zip(units[1..], (inputs, outputs) => (double)inputs * outputs).Sum();
        }
    }

    /// <summary>Such as 784-256-10.</summary>
    public string Name => string.Join('-', [Inputs, .. Hidden, Outputs]);

    /// <summary>Makes the network.</summary>
    public Network<float> Build(int seed) => Describe().Build<float>(seed);

    /// <summary>Describes the network.</summary>
    public NetworkBuilder Describe()
    {
        var builder = new NetworkBuilder(Inputs);
        foreach (int units in Hidden)
        {
            builder.Add(units, Activation);
        }

        if (Bins > 0)
        {
            double[] edges = [.. Enumerable.Range(0, Bins + 1).Select(edge => (4.0 * edge / Bins) - 2)];
            builder.EncodeInputs(new PiecewiseLinearEncoding([.. Enumerable.Repeat(edges, Inputs)]));
        }

        return builder.Add(Outputs, IsMulticlass ? Activation.Softmax : Activation.Linear);
    }
}
