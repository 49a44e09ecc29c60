using System.Buffers;
using BpTrainer.Ensembles;
using BpTrainer.Files;

namespace BpTrainer;

/// <summary>
/// Networks that predict together: the prediction is the weighted mean of their outputs, in the user's units. For classifiers it is the
/// mean of the probabilities. Errors that the networks do not share partly cancel out.
/// </summary>
/// <remarks>Predictions may run on many threads at the same time, as long as no network is changed.</remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class NetworkEnsemble<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How far the sum of the weights may be from 1 because of rounding.</summary>
    private const double Tolerance = 1e-9;

    private readonly Network<T>[] _networks;
    private readonly double[] _weights;

    /// <summary>Creates an ensemble with equal weights.</summary>
    /// <param name="networks">One or more, with the same numbers of inputs and outputs. They are not copied.</param>
    /// <exception cref="ArgumentException">There is no network, or a network does not have the same numbers of inputs and outputs as the
    /// first.</exception>
    public NetworkEnsemble(params IReadOnlyList<Network<T>> networks)
        : this(networks, EnsembleMixing.Equal(networks?.Count ?? 0))
    {
    }

    /// <summary>Creates an ensemble.</summary>
    /// <inheritdoc cref="NetworkEnsemble{T}(IReadOnlyList{Network{T}})"/>
    /// <param name="weights">The weight of each network, not negative; the weights must sum to 1.</param>
    /// <exception cref="ArgumentException">There is no network, a network does not have the same numbers of inputs and outputs as the
    /// first, there is not one weight for each network, a weight is negative, or the weights do not sum to 1.</exception>
    public NetworkEnsemble(IReadOnlyList<Network<T>> networks, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(weights);
        if (networks.Count == 0)
        {
            throw new ArgumentException("There is no network; an ensemble needs at least one.", nameof(networks));
        }

        for (int k = 0; k < networks.Count; k++)
        {
            if (networks[k].Inputs != networks[0].Inputs || networks[k].Outputs != networks[0].Outputs)
            {
                throw new ArgumentException(
                    $"Network {k} has {networks[k].Inputs} inputs and {networks[k].Outputs} outputs, "
                    + $"but network 0 has {networks[0].Inputs} and {networks[0].Outputs}: all must be the same.",
                    nameof(networks));
            }
        }

        Guard.Require(
            weights.Count == networks.Count, $"There are {weights.Count} weights for {networks.Count} networks; each needs one.",
            nameof(weights));
        Guard.Require(
            weights.All(weight => weight >= 0) && Math.Abs(weights.Sum() - 1) <= Tolerance,
            $"The weights are {new ValueList(weights)}; none may be negative, and they must sum to 1.",
            nameof(weights));
        _networks = [.. networks];
        _weights = [.. weights];
    }

    /// <summary>The networks.</summary>
    public IReadOnlyList<Network<T>> Networks => _networks;

    /// <summary>
    /// The weight of each network in the mean; the weights sum to 1. They are equal unless they are given or an
    /// <see cref="EnsembleTrainer{T}"/> trained networks of several kinds with validation samples. Networks of different kinds differ in
    /// their layers; the networks of a kind then share a weight in proportion to L⁻⁸, where L is the mean validation loss of the kind.
    /// </summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>The training result of each network; empty if an <see cref="EnsembleTrainer{T}"/> did not train the networks.</summary>
    public IReadOnlyList<TrainingResult> Results { get; internal init; } = [];

    /// <summary>
    /// The network with the lowest <see cref="TrainingResult.Loss"/>; null if an <see cref="EnsembleTrainer{T}"/> did not train the
    /// networks.
    /// </summary>
    public Network<T>? Best { get; internal init; }

    /// <summary>The number of inputs of each network.</summary>
    public int Inputs => _networks[0].Inputs;

    /// <summary>The number of outputs of each network.</summary>
    public int Outputs => _networks[0].Outputs;

    /// <summary>Predicts one sample. Allocates no memory after the first calls.</summary>
    /// <param name="input"><see cref="Inputs"/> numbers in the user's units.</param>
    /// <param name="output">Receives <see cref="Outputs"/> numbers in the user's units.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Predict(ReadOnlySpan<T> input, Span<T> output) => Predict(input, output, rows: 1);

    /// <summary>Predicts samples with matrix products, which is faster than one by one.</summary>
    /// <param name="inputs"><paramref name="rows"/> × <see cref="Inputs"/>, row after row.</param>
    /// <param name="outputs">Receives <paramref name="rows"/> × <see cref="Outputs"/>.</param>
    /// <param name="rows">The number of samples; 0 or more.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Predict(ReadOnlySpan<T> inputs, Span<T> outputs, int rows) => Predict(inputs, sparse: null, outputs, rows);

    /// <summary>Predicts the samples of a set.</summary>
    /// <param name="data">The samples; their targets are not used.</param>
    /// <param name="outputs">Receives rows × <see cref="Outputs"/>.</param>
    /// <exception cref="ArgumentException">The set has the wrong number of inputs, or the span has the wrong length.</exception>
    public void Predict(DataSet<T> data, Span<T> outputs)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.IsSparse)
        {
            Predict(data.ToSparseMatrix(), outputs);
        }
        else
        {
            DataSet<T> rows = data.IsContiguous ? data : data.Take([.. Enumerable.Range(0, data.Rows)]);
            Predict(rows.Inputs.Span, outputs, rows.Rows);
        }
    }

    /// <summary>Predicts samples whose inputs are mostly 0.</summary>
    /// <param name="inputs">rows × <see cref="Inputs"/>.</param>
    /// <param name="outputs">Receives rows × <see cref="Outputs"/>.</param>
    /// <exception cref="ArgumentException">The matrix has the wrong number of columns, or the span has the wrong length.</exception>
    public void Predict(SparseMatrix<T> inputs, Span<T> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Predict([], inputs, outputs, inputs.Rows);
    }

    /// <summary>Predicts the rows of a dense matrix or, if <paramref name="sparse"/> is given, of a sparse one.</summary>
    private void Predict(ReadOnlySpan<T> inputs, SparseMatrix<T>? sparse, Span<T> outputs, int rows)
    {
        T[] rented = ArrayPool<T>.Shared.Rent(outputs.Length);
        Span<T> ofOne = rented.AsSpan(0, outputs.Length);
        outputs.Clear();
        for (int k = 0; k < _networks.Length; k++)
        {
            if (sparse is null)
            {
                _networks[k].Predict(inputs, ofOne, rows);
            }
            else
            {
                _networks[k].Predict(sparse, ofOne);
            }

            Add(ofOne, T.CreateTruncating(_weights[k]), outputs);
        }

        ArrayPool<T>.Shared.Return(rented);
    }

    private static void Add(ReadOnlySpan<T> ofOne, T weight, Span<T> outputs)
    {
        for (int i = 0; i < ofOne.Length; i++)
        {
            outputs[i] += weight * ofOne[i];
        }
    }

    /// <summary>Writes the ensemble in the versioned binary format that <see cref="Load(Stream)"/> reads.</summary>
    /// <param name="stream">A writable stream; it stays open.</param>
    /// <exception cref="InvalidOperationException">A parameter of a network is not a finite number.</exception>
    public void Save(Stream stream) => EnsembleFile.Write(this, stream);

    /// <summary>Writes the ensemble to a file, completely or not at all.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <inheritdoc cref="Save(Stream)"/>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Reads an ensemble that <see cref="Save(Stream)"/> wrote, from the current position of the stream.</summary>
    /// <param name="stream">A stream that can be read; it stays open.</param>
    /// <returns>The ensemble, bit for bit the one that was saved.</returns>
    /// <exception cref="InvalidDataException">The stream contains no ensemble, or the ensemble is damaged, of another version or of the
    /// other number type.</exception>
    public static NetworkEnsemble<T> Load(Stream stream) => EnsembleFile.Read<T>(stream);

    /// <summary>Reads an ensemble from a file.</summary>
    /// <param name="path">The file.</param>
    /// <inheritdoc cref="Load(Stream)"/>
    public static NetworkEnsemble<T> Load(string path)
    {
        using FileStream stream = AtomicFile.OpenRead(path);
        return Load(stream);
    }
}
