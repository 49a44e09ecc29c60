using System.Buffers;
using BpTrainer.Ensembles;
using BpTrainer.Files;

namespace BpTrainer;

/// <summary>
/// Networks that predict together: the mean of their outputs, in the user's units. For classifiers it is the mean of the probabilities.
/// Errors that the networks do not have in common partly cancel out.
/// </summary>
/// <remarks>Predictions may run on many threads at once, as long as nobody changes a network.</remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class NetworkEnsemble<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T>[] _networks;

    /// <summary>Puts networks together.</summary>
    /// <param name="networks">One or more, with the same numbers of inputs and outputs. They are not copied.</param>
    /// <exception cref="ArgumentException">There is no network, or one has another number of inputs or outputs than the first.</exception>
    public NetworkEnsemble(params IReadOnlyList<Network<T>> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
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

        _networks = [.. networks];
    }

    /// <summary>The networks.</summary>
    public IReadOnlyList<Network<T>> Networks => _networks;

    /// <summary>How the training of each network went; empty for networks that an <see cref="EnsembleTrainer{T}"/> did not train.</summary>
    public IReadOnlyList<TrainingResult> Results { get; internal init; } = [];

    /// <summary>
    /// The network with the lowest <see cref="TrainingResult.Loss"/>; null for networks that an <see cref="EnsembleTrainer{T}"/> did not
    /// train.
    /// </summary>
    public Network<T>? Best { get; internal init; }

    /// <summary>The number of inputs of each.</summary>
    public int Inputs => _networks[0].Inputs;

    /// <summary>The number of outputs of each.</summary>
    public int Outputs => _networks[0].Outputs;

    /// <summary>Predicts one sample. Allocates nothing once warm.</summary>
    /// <param name="input"><see cref="Inputs"/> numbers in the user's units.</param>
    /// <param name="output">Receives <see cref="Outputs"/> numbers in the user's units.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Predict(ReadOnlySpan<T> input, Span<T> output) => Predict(input, output, rows: 1);

    /// <summary>Predicts samples as matrix products, which is faster than one by one.</summary>
    /// <param name="inputs"><paramref name="rows"/> × <see cref="Inputs"/>, row after row.</param>
    /// <param name="outputs">Receives <paramref name="rows"/> × <see cref="Outputs"/>.</param>
    /// <param name="rows">The number of samples; 0 or more.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Predict(ReadOnlySpan<T> inputs, Span<T> outputs, int rows) => Predict(inputs, sparse: null, outputs, rows);

    /// <summary>Predicts the samples of a set.</summary>
    /// <param name="data">The samples; their targets are not looked at.</param>
    /// <param name="outputs">Receives rows × <see cref="Outputs"/>.</param>
    /// <exception cref="ArgumentException">The set has another number of inputs, or the span another length.</exception>
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

    /// <summary>Predicts samples of which most inputs are 0.</summary>
    /// <param name="inputs">rows × <see cref="Inputs"/>.</param>
    /// <param name="outputs">Receives rows × <see cref="Outputs"/>.</param>
    /// <exception cref="ArgumentException">The matrix has another number of columns, or the span another length.</exception>
    public void Predict(SparseMatrix<T> inputs, Span<T> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Predict([], inputs, outputs, inputs.Rows);
    }

    /// <summary>Predicts the rows of a matrix with or, if <paramref name="sparse"/> is given, without its zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Predict(ReadOnlySpan<T> inputs, SparseMatrix<T>? sparse, Span<T> outputs, int rows)
    {
        T[] rented = ArrayPool<T>.Shared.Rent(outputs.Length);
        for (int k = 0; k < _networks.Length; k++)
        {
            Span<T> to = k == 0 ? outputs : rented.AsSpan(0, outputs.Length);
            if (sparse is null)
            {
                _networks[k].Predict(inputs, to, rows);
            }
            else
            {
                _networks[k].Predict(sparse, to);
            }

            if (k > 0)
            {
                Add(to, outputs);
            }
        }

        ArrayPool<T>.Shared.Return(rented);
        Divide(outputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(ReadOnlySpan<T> next, Span<T> outputs)
    {
        for (int i = 0; i < next.Length; i++)
        {
            outputs[i] += next[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Divide(Span<T> outputs)
    {
        T count = T.CreateChecked(_networks.Length);
        for (int i = 0; i < outputs.Length && _networks.Length > 1; i++)
        {
            outputs[i] /= count;
        }
    }

    /// <summary>Writes the ensemble in the versioned binary format that <see cref="Load(Stream)"/> reads.</summary>
    /// <param name="stream">A stream that can be written; it stays open.</param>
    /// <exception cref="InvalidOperationException">A parameter of a network is not a finite number.</exception>
    public void Save(Stream stream) => EnsembleFile.Write(this, stream);

    /// <summary>Writes the ensemble to a file, whole or not at all.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <inheritdoc cref="Save(Stream)"/>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Reads an ensemble that <see cref="Save(Stream)"/> wrote, from where the stream stands.</summary>
    /// <param name="stream">A stream that can be read; it stays open.</param>
    /// <returns>The ensemble, bit for bit the one that was saved.</returns>
    /// <exception cref="InvalidDataException">The stream holds no ensemble, a damaged one, one of another version or one of the other
    /// number type.</exception>
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
