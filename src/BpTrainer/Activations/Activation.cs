using System.Globalization;
using System.Numerics;

namespace BpTrainer;

/// <summary>
/// The function that turns the net input z = a·W + b of a layer into its output a = f(z).
/// </summary>
/// <remarks>
/// An activation is a value: two with the same parameters are equal. <see cref="ToString"/> gives a text such as
/// <c>tanh</c> or <c>leaky-relu(0.01)</c>, and <see cref="Parse"/> reads it back; model files store activations in this form.
/// </remarks>
public abstract partial record Activation
{
    private protected Activation(string name) => Name = name;

    /// <summary>The lower-case name that <see cref="Parse"/> reads, such as <c>relu</c>, without parameters.</summary>
    public string Name { get; }

    /// <summary>The parameters that the text form puts in parentheses behind the name, in that order; none for most functions.</summary>
    public virtual IReadOnlyList<double> Parameters => [];

    /// <summary>Whether every output lies in (0, 1), so that a cross-entropy of it is defined.</summary>
    internal virtual bool YieldsProbabilities => false;

    /// <summary>Whether every output is above 0, so that a Poisson loss of it is defined.</summary>
    internal virtual bool YieldsPositive => YieldsProbabilities;

    /// <summary>Whether error terms come through it at all: a derivative that is 0 everywhere stops them.</summary>
    internal virtual bool CanLearn => true;

    /// <summary>The slope that every unit starts with, of a function with a learned slope for each unit; null for all others.</summary>
    internal virtual double? InitialSlope => null;

    /// <summary>Whether the forward pass of a training must keep a matrix for the derivative.</summary>
    internal bool KeepsForBackward => CreateFunction<float>(KernelKind.Naive).Keeps;

    /// <summary>The initial weights that suit the function.</summary>
    internal virtual Initializer DefaultInitializer => Initializer.Glorot;

    internal abstract ActivationFunction<T> CreateFunction<T>(KernelKind kernel) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Reads an activation from the text that <see cref="ToString"/> writes. Case does not matter.</summary>
    /// <param name="text">
    /// A name, and in parentheses behind it the parameters, if the function has any, in the invariant culture and separated by
    /// semicolons; those left out take their defaults.
    /// <list type="table">
    /// <listheader><term>Text</term><description>Function</description></listheader>
    /// <item><term>linear</term><description><see cref="Linear"/></description></item>
    /// <item><term>logistic, logistic(amplitude;steepness)</term><description><see cref="Logistic"/>, <see cref="ScaledLogistic"/></description></item>
    /// <item><term>tanh</term><description><see cref="Tanh"/></description></item>
    /// <item><term>relu</term><description><see cref="ReLU"/></description></item>
    /// <item><term>softmax</term><description><see cref="Softmax"/></description></item>
    /// <item><term>leaky-relu(slope)</term><description><see cref="LeakyReLU"/></description></item>
    /// <item><term>prelu(initial slope)</term><description><see cref="PReLU"/></description></item>
    /// <item><term>elu(alpha)</term><description><see cref="Elu"/></description></item>
    /// <item><term>selu</term><description><see cref="Selu"/></description></item>
    /// <item><term>softplus</term><description><see cref="Softplus"/></description></item>
    /// <item><term>gelu</term><description><see cref="Gelu"/></description></item>
    /// <item><term>silu</term><description><see cref="SiLU"/></description></item>
    /// <item><term>mish</term><description><see cref="Mish"/></description></item>
    /// <item><term>exponential</term><description><see cref="Exponential"/></description></item>
    /// <item><term>cumulative-softplus</term><description><see cref="CumulativeSoftplus"/></description></item>
    /// <item><term>hard-limit</term><description><see cref="HardLimit"/></description></item>
    /// </list>
    /// </param>
    /// <returns>The activation.</returns>
    /// <exception cref="FormatException">The text names no activation, or gives it parameters that it cannot have.</exception>
    public static Activation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ActivationText.Read(text);
    }

    /// <summary>The text that <see cref="Parse"/> reads, in the invariant culture.</summary>
    /// <returns>The name of the activation, with its parameters if it has any.</returns>
    public sealed override string ToString() => Parameters is { Count: > 0 } parameters
        ? $"{Name}({string.Join(';', parameters.Select(p => p.ToString("R", CultureInfo.InvariantCulture)))})"
        : Name;
}
