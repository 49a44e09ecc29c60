using System.Globalization;
using BpTrainer.Activations;

namespace BpTrainer;

/// <summary>The function that turns the net input z = a·W + b of a layer into its output a = f(z).</summary>
/// <remarks>
/// An activation is a value: two activations with the same parameters are equal. <see cref="ToString"/> returns a text such as <c>tanh</c>
/// or <c>leaky-relu(0.01)</c>, and <see cref="Parse"/> reads it back; model files store activations in this form.
/// </remarks>
public abstract record Activation
{
    private protected Activation(string name, Initializer? initializer = null)
    {
        Name = name;
        DefaultInitializer = initializer ?? Initializer.Glorot;
    }

    /// <summary>The lower-case name that <see cref="Parse"/> reads, such as <c>relu</c>, without parameters.</summary>
    public string Name { get; }

    /// <summary>The parameters, in the order in which the text form lists them in parentheses after the name; empty for most
    /// functions.</summary>
    public virtual IReadOnlyList<double> Parameters => [];

    /// <summary>Whether every output lies in (0, 1), so that its cross-entropy is defined.</summary>
    internal virtual bool YieldsProbabilities => false;

    /// <summary>Whether every output is above 0, so that its Poisson loss is defined.</summary>
    internal virtual bool YieldsPositive => YieldsProbabilities;

    /// <summary>The lowest and the highest output; a bound may not be reached.</summary>
    internal virtual (double Lowest, double Highest) Range => (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Whether error terms pass through it; a derivative that is 0 everywhere stops them.</summary>
    internal virtual bool CanLearn => true;

    /// <summary>The initial slope of every unit, for a function with a learned slope for each unit; null for all other functions.</summary>
    internal virtual double? InitialSlope => null;

    /// <summary>Whether the forward pass of a training must fill a cache for the derivative.</summary>
    internal bool NeedsForwardCache => CreateFunction<float>(KernelKind.Naive).NeedsCache;

    /// <summary>The initial weights that suit the function.</summary>
    internal Initializer DefaultInitializer { get; }

    internal abstract ActivationFunction<T> CreateFunction<T>(KernelKind kernel) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Reads an activation from the text that <see cref="ToString"/> writes. Case does not matter.</summary>
    /// <param name="text">A name, followed by the parameters in parentheses if the function has any, in the invariant culture and separated
    /// by semicolons; parameters that are left out have their defaults. One of <c>linear</c>, <c>logistic(amplitude;steepness)</c>,
    /// <c>tanh</c>, <c>relu</c>, <c>softmax</c>, <c>leaky-relu(slope)</c>, <c>prelu(initial slope)</c>, <c>elu(alpha)</c>, <c>selu</c>,
    /// <c>softplus</c>, <c>gelu</c>, <c>silu</c>, <c>mish</c>, <c>exponential</c>, <c>cumulative-softplus</c> and
    /// <c>hard-limit</c>.</param>
    /// <returns>The activation.</returns>
    /// <exception cref="FormatException">The text does not name an activation, or has parameters that the activation cannot
    /// have.</exception>
    public static Activation Parse(string text) => ActivationText.Read(text);

    /// <summary>The text that <see cref="Parse"/> reads, in the invariant culture.</summary>
    /// <returns>The name of the activation, with its parameters if it has any.</returns>
    public sealed override string ToString() => Parameters is { Count: > 0 } parameters
        ? $"{Name}({string.Join(';', parameters.Select(p => p.ToString("R", CultureInfo.InvariantCulture)))})"
        : Name;

    /// <summary>The logistic function, f(z) = 1 / (1 + e^(−z)), with outputs in (0, 1).</summary>
    public static Activation Logistic { get; } = new LogisticActivation(1, 1);

    /// <summary>
    /// The logistic function in its general form, f(z) = A / (1 + e^(−z/B)), with outputs in (0, A) and f′ = f(A − f) / (A·B). With A = B =
    /// 1 it is <see cref="Logistic"/>.
    /// </summary>
    /// <param name="amplitude">A, the upper bound of the outputs; finite and above 0. Default: 1.</param>
    /// <param name="steepness">B; finite and above 0: the larger it is, the flatter the curve. Default: 1.</param>
    /// <returns>The activation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a finite number above 0.</exception>
    public static Activation ScaledLogistic(double amplitude = 1, double steepness = 1) =>
        new LogisticActivation(Guard.PositiveFinite(amplitude), Guard.PositiveFinite(steepness));

    /// <summary>The hyperbolic tangent, f(z) = tanh z, with outputs in (−1, 1).</summary>
    public static Activation Tanh { get; } = new TanhActivation();

    /// <summary>The rectified linear unit, f(z) = max(0, z).</summary>
    public static Activation ReLU { get; } = new ReLUActivation();

    /// <summary>
    /// The leaky rectified linear unit, f(z) = z for z &gt; 0, else slope·z: no unit becomes permanently inactive (Maas, Hannun and Ng,
    /// ICML 2013).
    /// </summary>
    /// <param name="slope">The slope for negative net inputs; finite and above 0. Default: 0.01.</param>
    /// <returns>The activation.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slope"/> is not a finite number above 0.</exception>
    public static Activation LeakyReLU(double slope = LeakyReLUActivation.DefaultSlope) =>
        new LeakyReLUActivation(Guard.PositiveFinite(slope));

    /// <summary>The identity, f(z) = z. The usual output of regression.</summary>
    public static Activation Linear { get; } = new LinearActivation();

    /// <summary>
    /// The hard limit, f(z) = 1 for z ≥ 0, else 0: the unit of McCulloch and Pitts (1943). A network with it can predict with given
    /// weights. Its derivative is 0, so the network cannot be trained by gradients.
    /// </summary>
    public static Activation HardLimit { get; } = new HardLimitActivation();

    /// <summary>
    /// The exponential linear unit, f(z) = z for z &gt; 0, else α(e^z − 1), with outputs above −α (Clevert, Unterthiner and Hochreiter,
    /// ICLR 2016).
    /// </summary>
    /// <param name="alpha">α; finite and above 0. Default: 1.</param>
    /// <returns>The activation.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not a finite number above 0.</exception>
    public static Activation Elu(double alpha = 1) => new EluActivation(Guard.PositiveFinite(alpha));

    /// <summary>
    /// The scaled exponential linear unit, f(z) = λz for z &gt; 0, else λα(e^z − 1), with λ = 1.0507… and α = 1.6733…: with LeCun's initial
    /// weights, the outputs keep mean 0 and variance 1 through any number of layers (Klambauer, Unterthiner, Mayr and Hochreiter, NeurIPS
    /// 2017).
    /// </summary>
    public static Activation Selu { get; } = new SeluActivation();

    /// <summary>
    /// The exponential function, f(z) = e^z, with outputs above 0; infinite beyond z = 88 (float) or 709 (double). The usual output of a
    /// regression with <see cref="Loss.Poisson"/>: it corresponds to the log link.
    /// </summary>
    public static Activation Exponential { get; } = new ExponentialActivation();

    /// <summary>Softplus, f(z) = ln(1 + e^z), a smooth ReLU with outputs above 0 (Dugas et al., NIPS 2000).</summary>
    public static Activation Softplus { get; } = new SoftplusActivation();

    /// <summary>
    /// The Gaussian error linear unit in its tanh form, f(z) = ½ z (1 + tanh(√(2/π) (z + 0.044715 z³))), which needs one exponential and
    /// differs by less than 0.0005 from z·Φ(z), where Φ is the normal distribution function (Hendrycks and Gimpel, arXiv:1606.08415). Value
    /// and derivative are both those of the tanh form.
    /// </summary>
    public static Activation Gelu { get; } = new GeluActivation();

    /// <summary>
    /// The sigmoid-weighted linear unit or swish, f(z) = z / (1 + e^(−z)) (Elfwing, Uchibe and Doya, Neural Networks 107, 2018).
    /// </summary>
    public static Activation SiLU { get; } = new SiLUActivation();

    /// <summary>Mish, f(z) = z·tanh(ln(1 + e^z)) (Misra, BMVC 2020).</summary>
    public static Activation Mish { get; } = new MishActivation();

    /// <summary>
    /// Outputs that increase from unit to unit: f(z)₁ = z₁ and f(z)ⱼ = f(z)ⱼ₋₁ + ln(1 + e^zⱼ). Predicted quantiles of one distribution
    /// therefore cannot cross; see <see cref="Loss.Quantiles"/>.
    /// </summary>
    public static Activation CumulativeSoftplus { get; } = new CumulativeSoftplusActivation();

    /// <summary>
    /// The parametric rectified linear unit, f(z) = z for z &gt; 0, else s·z. Every unit has its own slope s, which is learned with the
    /// weights (He, Zhang, Ren and Sun, ICCV 2015). <see cref="Layer{T}.GetSlope"/> returns the slopes.
    /// </summary>
    /// <param name="initialSlope">The initial slope of every unit; finite. Default: 0.25, as in the paper.</param>
    /// <returns>The activation.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="initialSlope"/> is not finite.</exception>
    public static Activation PReLU(double initialSlope = PReLUActivation.DefaultSlope) => new PReLUActivation(
        double.IsFinite(initialSlope) ? initialSlope : throw Guard.OutOfRange(nameof(initialSlope), initialSlope, "a finite number"));

    /// <summary>The softmax over the units of a layer, f(z)ⱼ = e^zⱼ / Σₖ e^zₖ. The usual output of multiclass classification.</summary>
    public static Activation Softmax { get; } = new SoftmaxActivation();
}
