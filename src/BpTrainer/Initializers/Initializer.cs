using BpTrainer.Initializers;

namespace BpTrainer;

/// <summary>
/// How the weights of a layer are drawn before training. Biases start at 0, unless the initializer says otherwise:
/// <c>Initializer.Glorot.WithUniformBiases()</c>. The same seed gives the same weights.
/// </summary>
public abstract record Initializer
{
    private protected Initializer()
    {
    }

    /// <summary>
    /// Uniform in [−r, r] with r = √(6 / (inputs + outputs)): keeps the variance of outputs and error terms about equal from layer to layer
    /// (Glorot and Bengio, AISTATS 2010). The default before all units that no other initializer names.
    /// </summary>
    public static Initializer Glorot { get; } = new GlorotInitializer(IsNormal: false);

    /// <summary>Normal with mean 0 and variance 2 / (inputs + outputs), the variance of <see cref="Glorot"/>.</summary>
    public static Initializer GlorotNormal { get; } = new GlorotInitializer(IsNormal: true);

    /// <summary>
    /// Uniform in [−r, r] with r = √(6 / inputs): allows for the half of the net inputs that a rectifier sets to 0 (He et al., ICCV 2015).
    /// The default before ReLU, leaky ReLU, PReLU, ELU, GELU, SiLU and Mish.
    /// </summary>
    public static Initializer He { get; } = new HeInitializer(IsNormal: false);

    /// <summary>Normal with mean 0 and variance 2 / inputs, the variance of <see cref="He"/>.</summary>
    public static Initializer HeNormal { get; } = new HeInitializer(IsNormal: true);

    /// <summary>
    /// Uniform in [−r, r] with r = √(3 / inputs): inputs of variance 1 give net inputs of variance 1 (LeCun, Bottou, Orr and Müller,
    /// Efficient BackProp, 1998).
    /// </summary>
    public static Initializer LeCun { get; } = new LeCunInitializer(IsNormal: false);

    /// <summary>Normal with mean 0 and variance 1 / inputs, the variance of <see cref="LeCun"/>. The default before SELU.</summary>
    public static Initializer LeCunNormal { get; } = new LeCunInitializer(IsNormal: true);

    /// <summary>
    /// The method of Nguyen and Widrow (IJCNN 1990) for tanh layers with inputs in [−1, 1]: the weights of a unit have a random direction
    /// and the length r = 0.7·outputs^(1/inputs), its bias is uniform in [−r, r], so that the active regions of the units cover the inputs
    /// evenly. A frozen bias is drawn like any other; a shared one is drawn once.
    /// </summary>
    public static Initializer NguyenWidrow { get; } = new NguyenWidrowInitializer();

    /// <summary>
    /// 0 for every weight. Good for an output layer, whose units then all start from the mean of their targets. In a hidden layer it leaves
    /// all units alike for ever: each gets the same error term and the same change.
    /// </summary>
    public static Initializer Zero { get; } = new ZeroInitializer();

    /// <summary>Uniform in [−range, range].</summary>
    /// <param name="range">The bound of the weights; finite and above 0.</param>
    /// <returns>The initializer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="range"/> is not a finite number above 0.</exception>
    public static Initializer Uniform(double range) => new UniformInitializer(Guard.PositiveFinite(range));

    /// <summary>Normal with mean 0 and standard deviation sigma.</summary>
    /// <param name="sigma">The standard deviation of the weights; finite and above 0.</param>
    /// <returns>The initializer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sigma"/> is not a finite number above 0.</exception>
    public static Initializer Gaussian(double sigma) => new GaussianInitializer(Guard.PositiveFinite(sigma));

    /// <summary>The same weights with biases of 0.</summary>
    /// <returns>The initializer.</returns>
    public Initializer WithZeroBiases() => new ZeroBiases(WithoutBiases);

    /// <summary>
    /// The same weights and, drawn after them, biases uniform in [−range, range]. With biases of 0, tanh units on inputs that are symmetric
    /// about 0 make an odd function, whose gradient for an even target such as x² is 0. A frozen bias is drawn like any other; a shared one
    /// is drawn once.
    /// </summary>
    /// <param name="range">The bound of the biases; finite and above 0. Null for 1 / √inputs. Default null.</param>
    /// <returns>The initializer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="range"/> is not a finite number above 0.</exception>
    public Initializer WithUniformBiases(double? range = null) =>
        new UniformBiases(WithoutBiases, range is { } given ? Guard.PositiveFinite(given, nameof(range)) : null);

    /// <summary>
    /// The same weights and, drawn after them, normal biases with mean 0 and standard deviation sigma. A frozen bias is drawn like any
    /// other; a shared one is drawn once.
    /// </summary>
    /// <param name="sigma">The standard deviation of the biases; finite and above 0.</param>
    /// <returns>The initializer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sigma"/> is not a finite number above 0.</exception>
    public Initializer WithNormalBiases(double sigma) => new NormalBiases(WithoutBiases, Guard.PositiveFinite(sigma));

    /// <summary>The same weights with biases that the user gives.</summary>
    /// <param name="biases">One for all units, or one each, all the same for a shared bias; finite numbers. They are copied.</param>
    /// <returns>The initializer. <see cref="NetworkBuilder.Build"/> throws <see cref="ArgumentException"/> if the layer has another number
    /// of units.</returns>
    /// <exception cref="ArgumentException">There is no bias, or one is not finite.</exception>
    public Initializer WithBiases(params ReadOnlySpan<double> biases) => new GivenBiases(WithoutBiases, GivenBiases.Checked(biases));

    /// <summary>Weights, and biases, that the user gives.</summary>
    /// <param name="weights">Inputs × outputs of the layer; finite numbers. They are copied.</param>
    /// <param name="biases">One an output; finite numbers, all the same for a shared bias; null for 0. They are copied. Default
    /// null.</param>
    /// <returns>The initializer. <see cref="NetworkBuilder.Build"/> throws <see cref="ArgumentException"/> if the layer has another
    /// shape.</returns>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static Initializer Given(double[,] weights, double[]? biases = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return GivenInitializer.Create(weights, biases);
    }

    /// <summary>What draws the weights, without biases that were chosen before.</summary>
    private protected virtual Initializer WithoutBiases => this;

    /// <summary>Whether it has numbers for a layer of one shape alone.</summary>
    internal virtual bool IsForOneShape => false;

    /// <summary>Sets the weights of a new layer, whose parameters are all 0.</summary>
    internal abstract void Fill<T>(Layer<T> layer, RandomStream random) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
