using BpTrainer.Files;
using BpTrainer.Networks;
using BpTrainer.Prediction;
using BpTrainer.Scalings;

namespace BpTrainer;

/// <summary>
/// A feed-forward network: its shape, its parameters and its predictions. Build it with <see cref="NetworkBuilder"/> and train it with
/// <see cref="NetworkTrainer{T}"/>. Predictions may run on many threads at the same time, as long as the network is not changed.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed unsafe class Network<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerSpec[] _specs;
    private readonly ScalingFunction<T>? _outputScaling;
    private NetworkScorer<T> _scorer;

    internal Network(
        int inputs, IReadOnlyList<LayerSpec> specs, ColumnScaling? inputScaling, PiecewiseLinearEncoding? inputEncoding,
        ColumnScaling? outputScaling)
    {
        Inputs = inputs;
        _specs = [.. specs];
        Layouts = LayerLayout.Arrange<T>(inputs, _specs, inputEncoding);
        Outputs = Layouts[^1].Outputs;
        Parameters = new AlignedBuffer<T>(Layouts[^1].End);
        Layers = Array.ConvertAll(Layouts, layout => new Layer<T>(this, layout));
        InputScaling = inputScaling;
        InputEncoding = inputEncoding;
        OutputScaling = outputScaling;
        _outputScaling = outputScaling is null ? null : new ScalingFunction<T>(outputScaling, Kernel.Default);
        _scorer = new NetworkScorer<T>(this, Kernel.Default);
    }

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>The number of outputs, which is the number of units in the last layer.</summary>
    public int Outputs { get; }

    /// <summary>The layers from the inputs to the outputs.</summary>
    public IReadOnlyList<Layer<T>> Layers { get; }

    /// <summary>The number of weights, biases and learned slopes; a shared bias counts once.</summary>
    public int ParameterCount => checked((int)Layouts.Sum(l => l.ParameterCount));

    /// <summary>The scaling of the inputs before the first layer; null for none.</summary>
    public ColumnScaling? InputScaling { get; }

    /// <summary>
    /// The encoding of the inputs; null for none. The first layer reads its codes after the inputs. Its edges are in the user's units.
    /// </summary>
    public PiecewiseLinearEncoding? InputEncoding { get; }

    /// <summary>The scaling that training applies to targets and prediction inverts; null for none.</summary>
    public ColumnScaling? OutputScaling { get; }

    internal LayerLayout[] Layouts { get; }

    /// <summary>All weights, biases and learned slopes in one block, so that an optimizer is one loop.</summary>
    internal AlignedBuffer<T> Parameters { get; }

    /// <summary>Predicts one sample. Allocates no memory after the first calls.</summary>
    /// <param name="input"><see cref="Inputs"/> numbers in the user's units.</param>
    /// <param name="output">Receives <see cref="Outputs"/> numbers in the user's units.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Predict(ReadOnlySpan<T> input, Span<T> output)
    {
        if (input.Length != Inputs || output.Length != Outputs)
        {
            CheckLengths(input, output, rows: 1);
        }

        _scorer.ScoreOne(input, output, applyOutputActivation: true);
        _outputScaling?.Invert(output);
    }

    /// <summary>Predicts samples with matrix products, which is faster than one by one.</summary>
    /// <param name="inputs"><paramref name="rows"/> × <see cref="Inputs"/>, row after row.</param>
    /// <param name="outputs">Receives <paramref name="rows"/> × <see cref="Outputs"/>.</param>
    /// <param name="rows">The number of samples; 0 or more.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Predict(ReadOnlySpan<T> inputs, Span<T> outputs, int rows)
    {
        CheckLengths(inputs, outputs, rows);
        _scorer.Score(inputs, outputs, rows, applyOutputActivation: true);
        InvertScaling(outputs);
    }

    /// <summary>
    /// Predicts samples whose inputs are mostly 0. Zeros take no time unless the input scaling maps them to other numbers.
    /// </summary>
    /// <param name="inputs">rows × <see cref="Inputs"/>.</param>
    /// <param name="outputs">Receives rows × <see cref="Outputs"/>.</param>
    /// <exception cref="ArgumentException">The matrix has the wrong number of columns, or the span has the wrong length.</exception>
    public void Predict(SparseMatrix<T> inputs, Span<T> outputs)
    {
        CheckLengths(inputs, outputs);
        _scorer.Score(inputs, outputs, applyOutputActivation: true);
        InvertScaling(outputs);
    }

    /// <summary>
    /// Predicts the net inputs of the last layer, z = a·W + b before its activation and before the output scaling: the logits of a
    /// classifier, which stay distinct where probabilities round to 0 or 1.
    /// </summary>
    /// <param name="inputs"><paramref name="rows"/> × <see cref="Inputs"/>, row after row.</param>
    /// <param name="netInputs">Receives <paramref name="rows"/> × <see cref="Outputs"/>.</param>
    /// <param name="rows">The number of samples; 0 or more.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void PredictNetInput(ReadOnlySpan<T> inputs, Span<T> netInputs, int rows)
    {
        CheckLengths(inputs, netInputs, rows);
        _scorer.Score(inputs, netInputs, rows, applyOutputActivation: false);
    }

    /// <summary>Like <see cref="PredictNetInput(ReadOnlySpan{T}, Span{T}, int)"/>, for samples whose inputs are mostly 0.</summary>
    /// <param name="inputs">rows × <see cref="Inputs"/>.</param>
    /// <param name="netInputs">Receives rows × <see cref="Outputs"/>.</param>
    /// <inheritdoc cref="Predict(SparseMatrix{T}, Span{T})" path="/exception"/>
    public void PredictNetInput(SparseMatrix<T> inputs, Span<T> netInputs)
    {
        CheckLengths(inputs, netInputs);
        _scorer.Score(inputs, netInputs, applyOutputActivation: false);
    }

    /// <summary>
    /// Describes the network: its inputs, one line for each layer, its outputs, and the number and memory of its parameters.
    /// </summary>
    /// <returns>Lines of text, in the invariant culture.</returns>
    public string Summary() => NetworkSummary.Write<T>(Layouts, InputScaling, OutputScaling);

    /// <summary>Copies the network with its parameters.</summary>
    /// <returns>A network that shares nothing with this one.</returns>
    public Network<T> Clone()
    {
        var copy = new Network<T>(Inputs, _specs, InputScaling, InputEncoding, OutputScaling);
        Parameters.Span.CopyTo(copy.Parameters.Span);
        return copy;
    }

    /// <summary>Copies the network with its outputs in another order, such as that of the classes of other data.</summary>
    /// <param name="order">For every output of the copy, the index of the output of this network: each number from 0 to
    /// <see cref="Outputs"/> − 1 once.</param>
    /// <returns>A network that shares nothing with this one.</returns>
    /// <exception cref="ArgumentException">The order does not contain every output exactly once.</exception>
    public Network<T> ReorderOutputs(params ReadOnlySpan<int> order)
    {
        Guard.Require(
            order.ToArray().Order().SequenceEqual(Enumerable.Range(0, Outputs)),
            $"The order {string.Join(", ", order.ToArray())} does not contain each of the outputs 0 to {Outputs - 1} exactly once.",
            nameof(order));

        var copy = new Network<T>(Inputs, _specs, InputScaling, InputEncoding, OutputScaling?.Reorder(order));
        Parameters.Span.CopyTo(copy.Parameters.Span);
        Layer<T> from = Layers[^1], to = copy.Layers[^1];
        for (int o = 0; o < Outputs; o++)
        {
            for (int i = 0; i < from.Inputs; i++)
            {
                to.SetWeight(i, o, from.GetWeight(i, order[o]));
            }

            to.SetBias(o, from.GetBias(order[o]));
            if (from.HasSlopes)
            {
                to.SetSlope(o, from.GetSlope(order[o]));
            }
        }

        return copy;
    }

    /// <summary>
    /// Copies the network up to one of its hidden layers. The outputs of that layer, the codes of the inputs, are the outputs of the copy;
    /// they are bit for bit the same as in this network. The scaling and encoding of the inputs are kept; the outputs are not scaled.
    /// </summary>
    /// <param name="hiddenLayer">The hidden layer, counted from 1, which is also the number of layers that are kept.</param>
    /// <returns>A network that shares nothing with this one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such hidden layer.</exception>
    public Network<T> ToEncoder(int hiddenLayer)
    {
        int hiddenLayers = Layers.Count - 1;
        if (hiddenLayer < 1 || hiddenLayer > hiddenLayers)
        {
            throw Guard.OutOfRange(
                nameof(hiddenLayer), hiddenLayer,
                hiddenLayers == 0 ? "the number of a hidden layer, but the network has none" : $"from 1 to {hiddenLayers}");
        }

        // The parameters of the first layers are at the same places as in the whole network.
        var encoder = new Network<T>(Inputs, _specs[..hiddenLayer], InputScaling, InputEncoding, outputScaling: null);
        Parameters.Span[..encoder.Parameters.Length].CopyTo(encoder.Parameters.Span);
        return encoder;
    }

    /// <summary>Writes the network in the versioned binary format that <see cref="Load(Stream)"/> reads.</summary>
    /// <param name="stream">A writable stream; it stays open.</param>
    /// <exception cref="InvalidOperationException">A parameter is not a finite number.</exception>
    public void Save(Stream stream) => NetworkFile.Write(this, stream);

    /// <summary>Writes the network to a file, completely or not at all.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <inheritdoc cref="Save(Stream)"/>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Reads a network that <see cref="Save(Stream)"/> wrote, from the current position of the stream.</summary>
    /// <param name="stream">A stream that can be read; it stays open.</param>
    /// <returns>The network, bit for bit the one that was saved.</returns>
    /// <exception cref="InvalidDataException">The stream contains no network, or the network is damaged, of another version or of the other
    /// number type.</exception>
    public static Network<T> Load(Stream stream) => NetworkFile.Read<T>(stream);

    /// <summary>Reads a network from a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The network, bit for bit the one that was saved.</returns>
    /// <inheritdoc cref="Load(Stream)" path="/exception"/>
    public static Network<T> Load(string path)
    {
        using FileStream stream = AtomicFile.OpenRead(path);
        return Load(stream);
    }

    /// <summary>
    /// Writes the network as indented JSON, for people and other programs: its scalings and, for each layer, its activation, kind of bias,
    /// weights (inputs × units) and biases. <see cref="Load(Stream)"/> does not read it.
    /// </summary>
    /// <param name="stream">A writable stream; it stays open.</param>
    public void SaveJson(Stream stream) => NetworkJson.Write(this, stream);

    /// <summary>Writes the JSON of <see cref="SaveJson(Stream)"/> to a file, completely or not at all.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    public void SaveJson(string path) => AtomicFile.Write(path, SaveJson);

    /// <summary>Returns the network as the JSON text that <see cref="SaveJson(Stream)"/> writes.</summary>
    /// <returns>The text. Numbers have all their digits; NaN and infinity are the strings "NaN", "Infinity" and "-Infinity".</returns>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        SaveJson(stream);
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Predicts with this kernel instead of the default one.</summary>
    internal void UseKernel(KernelKind kernel) => _scorer = new NetworkScorer<T>(this, kernel);

    /// <summary>Throws if the data does not have the numbers of inputs and outputs of the network.</summary>
    internal void CheckShape(int inputs, int targets, string name) => Guard.Require(
        inputs == Inputs && targets == Outputs,
        $"The data has {inputs} inputs and {targets} targets, but the network has {Inputs} inputs and {Outputs} outputs.", name);

    internal void DrawWeights(RandomStream random)
    {
        for (int k = 0; k < Layers.Count; k++)
        {
            DrawWeights(k, random);
        }
    }

    /// <summary>Draws the weights of one layer, counted from 0, whose parameters are all 0.</summary>
    internal void DrawWeights(int k, RandomStream random)
    {
        Layer<T> layer = Layers[k];
        Initializer initializer = _specs[k].Initializer ?? layer.Activation.DefaultInitializer;
        try
        {
            initializer.Fill(layer, random);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"Layer {k + 1} of {Layers.Count}: {e.Message}", e);
        }

        for (int o = 0; o < layer.Outputs && layer.Activation.InitialSlope is { } slope; o++)
        {
            layer.SetSlope(o, T.CreateChecked(slope));
        }

        Guard.Require(
            Parameters.IsFinite(Layouts[k].WeightOffset, Layouts[k].End),
            $"Layer {k + 1} of {Layers.Count}, {layer.Activation} with the initializer {initializer}, "
            + $"has initial weights or biases beyond the range of {typeof(T).Name}.");
    }

    private void InvertScaling(Span<T> outputs)
    {
        for (Span<T> rest = outputs; _outputScaling is not null && !rest.IsEmpty; rest = rest[Outputs..])
        {
            _outputScaling.Invert(rest[..Outputs]);
        }
    }

    private void CheckLengths(SparseMatrix<T> inputs, Span<T> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Guard.Require(
            inputs.Columns == Inputs, $"The matrix has {inputs.Columns} columns, but the network has {Inputs} inputs.", nameof(inputs));

        CheckOutputs(outputs, inputs.Rows);
    }

    private void CheckLengths(ReadOnlySpan<T> inputs, Span<T> outputs, int rows)
    {
        Guard.AtLeast(rows, 0);
        Guard.Require(
            inputs.Length == (long)rows * Inputs,
            $"There are {inputs.Length} inputs; {rows} rows of this network need {(long)rows * Inputs}.", nameof(inputs));

        CheckOutputs(outputs, rows);
    }

    private void CheckOutputs(Span<T> outputs, int rows)
    {
        Guard.Require(
            outputs.Length == (long)rows * Outputs,
            $"There is room for {outputs.Length} outputs; {rows} rows of this network need {(long)rows * Outputs}.", nameof(outputs));
    }
}
