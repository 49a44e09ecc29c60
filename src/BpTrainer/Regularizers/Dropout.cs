using System.Globalization;
using System.Numerics;
using BpTrainer.Networks;
using BpTrainer.Numbers;

namespace BpTrainer;

/// <summary>
/// Which shares of the units training leaves out at random, so that none relies on another (Srivastava, Hinton, Krizhevsky,
/// Sutskever and Salakhutdinov, JMLR 15, 2014).
/// </summary>
/// <remarks>
/// For every sample of every update each unit is left out with the probability p of its layer: what the next layer reads is 0
/// then, and otherwise a / (1 − p), so that its mean is a (inverted dropout). No error comes back through a unit that was
/// left out. Predictions and the losses of validation sets and of adaptive rates use all units, as they are. The training loss of the
/// history is otherwise that of the batches as they were learned, units missing. The seed of the training decides which units
/// are left out, whatever the number of threads.
/// </remarks>
public sealed record Dropout
{
    private readonly double[] _hidden;
    private readonly double _inputs;

    /// <summary>Dropout of hidden units.</summary>
    /// <param name="hidden">The rates p, each at least 0 and below 1: one for all hidden layers, or one for each, from the inputs to the outputs. None: no dropout of hidden units.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is outside its range.</exception>
    public Dropout(params double[] hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        _hidden = Array.ConvertAll(hidden, rate => Guard.InRange(rate, 0, 1, nameof(hidden)));
    }

    /// <summary>The rates of the hidden layers: one for all, one for each, or none.</summary>
    public IReadOnlyList<double> Hidden => _hidden;

    /// <summary>The rate of the network's inputs, after their scaling; at least 0 and below 1. Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public double Inputs
    {
        get => _inputs;
        init => _inputs = Guard.InRange(value, 0, 1, nameof(Inputs));
    }

    /// <summary>Whether anything is left out.</summary>
    internal bool IsActive => Inputs > 0 || Array.Exists(_hidden, rate => rate > 0);

    /// <summary>The rate of what a layer reads: layer 0 reads the inputs of the network, layer k the hidden layer k − 1.</summary>
    internal double RateBefore(int layer) => layer == 0 ? Inputs : _hidden.Length == 0 ? 0 : _hidden[_hidden.Length == 1 ? 0 : layer - 1];

    /// <summary>Checks that the rates fit a network.</summary>
    /// <param name="hiddenLayers">The number of its hidden layers.</param>
    /// <exception cref="ArgumentException">There are several rates, but not one for each hidden layer, or there is no hidden layer to leave units out of.</exception>
    public void Validate(int hiddenLayers)
    {
        if (_hidden.Length > 1 && _hidden.Length != hiddenLayers)
        {
            throw new ArgumentException(
                $"{nameof(Dropout)} has {_hidden.Length} rates, but there are {hiddenLayers} hidden layers: give one rate for all, or one for each.");
        }

        if (hiddenLayers == 0 && Array.Exists(_hidden, rate => rate > 0))
        {
            throw new ArgumentException($"{nameof(Dropout)} is {this}, but there is no hidden layer whose units could be left out.");
        }
    }

    /// <summary>The numbers in the masks of some samples.</summary>
    internal double Numbers(LayerLayout[] layouts, int inputStride, long rows)
    {
        long numbers = 0;
        for (int k = 0; k < layouts.Length && IsActive; k++)
        {
            numbers += RateBefore(k) > 0 ? 2L * rows * (k == 0 ? inputStride : layouts[k - 1].OutputStride) : 0;
        }

        return numbers;
    }

    /// <summary>Whether the other dropout has the same rates.</summary>
    /// <param name="other">The other dropout.</param>
    /// <returns>True if both are equal.</returns>
    public bool Equals(Dropout? other) => other is not null && Inputs == other.Inputs && _hidden.SequenceEqual(other._hidden);

    /// <summary>A hash code that equal rates share.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => HashCode.Combine(Inputs, _hidden.Length, _hidden.FirstOrDefault(), _hidden.LastOrDefault());

    /// <summary>The rates in words, in the invariant culture.</summary>
    /// <returns>Such as <c>none</c> or <c>inputs 0.2, hidden units 0.5</c>.</returns>
    public override string ToString()
    {
        if (!IsActive)
        {
            return "none";
        }

        string hidden = string.Join('-', _hidden.Select(rate => rate.ToString(CultureInfo.InvariantCulture)));
        string inputs = Inputs.ToString(CultureInfo.InvariantCulture);
        return string.Join(", ", new[] { Inputs > 0 ? $"inputs {inputs}" : "", hidden.Length > 0 ? $"hidden units {hidden}" : "" }.Where(part => part.Length > 0));
    }
}
