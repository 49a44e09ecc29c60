namespace BpTrainer;

/// <summary>
/// The function that turns the net input z = a·W + b of a layer into its output a = f(z).
/// </summary>
/// <remarks>
/// An activation is a value: two with the same parameters are equal. <see cref="ToString"/> gives a text such as
/// <c>tanh</c>, and <see cref="Parse"/> reads it back; model files store activations in this form.
/// </remarks>
public abstract record Activation
{
    private protected Activation(string name) => Name = name;

    /// <summary>The identity, f(z) = z. The usual output of regression.</summary>
    public static Activation Linear { get; } = new LinearActivation();

    /// <summary>The logistic function, f(z) = 1 / (1 + e^(−z)), with outputs in (0, 1).</summary>
    public static Activation Logistic { get; } = new LogisticActivation();

    /// <summary>The hyperbolic tangent, f(z) = tanh z, with outputs in (−1, 1).</summary>
    public static Activation Tanh { get; } = new TanhActivation();

    /// <summary>The rectified linear unit, f(z) = max(0, z).</summary>
    public static Activation ReLU { get; } = new ReLUActivation();

    /// <summary>The softmax over the units of a layer, f(z)ⱼ = e^zⱼ / Σₖ e^zₖ. The usual output of multiclass classification.</summary>
    public static Activation Softmax { get; } = new SoftmaxActivation();

    /// <summary>
    /// The exponential function, f(z) = e^z, with outputs above 0; infinite beyond z = 88 (float) or 709 (double). The output
    /// of a regression with <see cref="Loss.Poisson"/>, whose log link it is.
    /// </summary>
    public static Activation Exponential { get; } = new ExponentialActivation();

    /// <summary>The lower-case name that <see cref="Parse"/> reads, such as <c>relu</c>.</summary>
    public string Name { get; }

    /// <summary>Whether every output lies in (0, 1), so that a cross-entropy of it is defined.</summary>
    internal virtual bool YieldsProbabilities => false;

    /// <summary>Whether every output is above 0, so that a Poisson loss of it is defined.</summary>
    internal virtual bool YieldsPositive => YieldsProbabilities;

    /// <summary>Whether He's variance 2/n suits the function better than Glorot's: it is zero on half of its domain.</summary>
    internal virtual bool IsRectifier => false;

    internal abstract ActivationFunction<T> CreateFunction<T>(KernelKind kernel) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>;

    /// <summary>Reads an activation from the text that <see cref="ToString"/> writes. Case does not matter.</summary>
    /// <param name="text">A name: linear, logistic, tanh, relu, softmax or exponential.</param>
    /// <returns>The activation.</returns>
    /// <exception cref="FormatException">The text names no activation.</exception>
    public static Activation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Activation[] known = [Linear, Logistic, Tanh, ReLU, Softmax, Exponential];
        return Array.Find(known, a => a.Name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException(
                $"There is no activation named '{text}'. Known are {string.Join(", ", known.Select(a => a.Name))}.");
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    /// <returns>The name of the activation.</returns>
    public sealed override string ToString() => Name;
}
