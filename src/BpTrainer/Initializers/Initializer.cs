using BpTrainer.Initializers;

namespace BpTrainer;

/// <summary>
/// How the weights of a layer are drawn before training. Biases start at 0 unless the initializer sets them:
/// <c>Initializer.Glorot.WithUniformBiases()</c>. The same seed gives the same weights.
/// </summary>
public abstract record Initializer
{
    private protected Initializer()
    {
    }

    /// <summary>
    /// Uniform in [−r, r] with r = √(6 / (inputs + outputs)): keeps the variance of outputs and error terms about equal from layer to layer
    /// (Glorot and Bengio, AISTATS 2010). The default for all activations that no other initializer names.
    /// </summary>
    public static Initializer Glorot { get; } = new GlorotInitializer(IsNormal: false);

    /// <summary>Normal with mean 0 and variance 2 / (inputs + outputs), the variance of <see cref="Glorot"/>.</summary>
    public static Initializer GlorotNormal { get; } = new GlorotInitializer(IsNormal: true);

    /// <summary>
    /// Uniform in [−r, r] with r = √(6 / inputs): compensates for the half of the net inputs that a rectifier sets to 0 (He et al., ICCV
    /// 2015). The default for ReLU, leaky ReLU, PReLU, ELU, GELU, SiLU and Mish.
    /// </summary>
    public static Initializer He { get; } = new HeInitializer(IsNormal: false);

    /// <summary>Normal with mean 0 and variance 2 / inputs, the variance of <see cref="He"/>.</summary>
    public static Initializer HeNormal { get; } = new HeInitializer(IsNormal: true);

    /// <summary>
    /// Uniform in [−r, r] with r = √(3 / inputs): inputs of variance 1 give net inputs of variance 1 (LeCun, Bottou, Orr and Müller,
    /// Efficient BackProp, 1998).
    /// </summary>
    public static Initializer LeCun { get; } = new LeCunInitializer(IsNormal: false);

    /// <summary>Normal with mean 0 and variance 1 / inputs, the variance of <see cref="LeCun"/>. The default for SELU.</summary>
    public static Initializer LeCunNormal { get; } = new LeCunInitializer(IsNormal: true);

    /// <summary>
    /// The method of Nguyen and Widrow (IJCNN 1990) for tanh layers with inputs in [−1, 1]: the weights of a unit have a random direction
    /// and the length r = 0.7·outputs^(1/inputs), and its bias is uniform in [−r, r], so that the active regions of the units cover the
    /// inputs evenly. A frozen bias is drawn like any other; a shared one is drawn once.
    /// </summary>
    public static Initializer NguyenWidrow { get; } = new NguyenWidrowInitializer();

    /// <summary>
    /// 0 for every weight. Suitable for an output layer, whose units then start from the mean of their targets. In a hidden layer, all
    /// units would stay the same forever, because each gets the same error term and the same update.
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

    /// <summary>Returns the same weights with biases of 0.</summary>
    /// <returns>The initializer.</returns>
    public Initializer WithZeroBiases() => new ZeroBiases(WithoutBiases);

    /// <summary>
    /// Returns the same weights and biases that are drawn after them, uniform in [−range, range]. With biases of 0, tanh units on inputs
    /// that are symmetric about 0 form an odd function, and for an even target such as x² the gradient of an odd function is 0. A frozen
    /// bias is drawn like any other; a shared one is drawn once.
    /// </summary>
    /// <param name="range">The bound of the biases; finite and above 0. Null for 1 / √inputs. Default: null.</param>
    /// <returns>The initializer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="range"/> is not a finite number above 0.</exception>
    public Initializer WithUniformBiases(double? range = null) =>
        new UniformBiases(WithoutBiases, range is { } given ? Guard.PositiveFinite(given, nameof(range)) : null);

    /// <summary>
    /// Returns the same weights and normal biases that are drawn after them, with mean 0 and standard deviation sigma. A frozen bias is
    /// drawn like any other; a shared one is drawn once.
    /// </summary>
    /// <param name="sigma">The standard deviation of the biases; finite and above 0.</param>
    /// <returns>The initializer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sigma"/> is not a finite number above 0.</exception>
    public Initializer WithNormalBiases(double sigma) => new NormalBiases(WithoutBiases, Guard.PositiveFinite(sigma));

    /// <summary>Returns the same weights with given biases.</summary>
    /// <param name="biases">One for all units or one for each, finite; for a shared bias all must be the same. They are copied.</param>
    /// <returns>The initializer. <see cref="NetworkBuilder.Build"/> throws <see cref="ArgumentException"/> if the layer does not have this
    /// number of units.</returns>
    /// <exception cref="ArgumentException">There is no bias, or one is not finite.</exception>
    public Initializer WithBiases(params ReadOnlySpan<double> biases) => new GivenBiases(WithoutBiases, GivenBiases.Checked(biases));

    /// <summary>Given weights and biases.</summary>
    /// <param name="weights">Inputs × outputs of the layer; finite numbers. They are copied.</param>
    /// <param name="biases">One for each output, finite; for a shared bias all must be the same; null for 0. They are copied. Default:
    /// null.</param>
    /// <returns>The initializer. <see cref="NetworkBuilder.Build"/> throws <see cref="ArgumentException"/> if the layer does not have this
    /// shape.</returns>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static Initializer Given(double[,] weights, double[]? biases = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return GivenInitializer.Create(weights, biases);
    }

    /// <summary>The initializer of the weights, without biases that were set before.</summary>
    private protected virtual Initializer WithoutBiases => this;

    /// <summary>Whether it is only for layers of one shape.</summary>
    internal virtual bool IsForOneShape => false;

    /// <summary>Sets the weights of a new layer, whose parameters are all 0.</summary>
    internal abstract void Fill<T>(Layer<T> layer, RandomStream random) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
