namespace BpTrainer;

/// <summary>How the weights of a layer are drawn before training. Biases start at 0.</summary>
public abstract record Initializer
{
    private protected Initializer()
    {
    }

    /// <summary>
    /// Uniform in [−r, r] with r = √(6 / (inputs + outputs)): keeps the variance of outputs and error terms about equal from
    /// layer to layer (Glorot and Bengio, AISTATS 2010). The default before logistic, tanh, softmax and linear units.
    /// </summary>
    public static Initializer Glorot { get; } = new GlorotInitializer();

    /// <summary>
    /// Uniform in [−r, r] with r = √(6 / inputs): allows for the half of the net inputs that a rectifier sets to 0
    /// (He et al., ICCV 2015). The default before ReLU.
    /// </summary>
    public static Initializer He { get; } = new HeInitializer();

    /// <summary>
    /// 0 for every weight. Good for an output layer, whose units then all start from the mean of their targets. In a hidden
    /// layer it leaves all units alike for ever: each gets the same error term and the same change.
    /// </summary>
    public static Initializer Zero { get; } = new ZeroInitializer();

    /// <summary>Uniform in [−range, range].</summary>
    /// <param name="range">The bound of the weights; finite and above 0.</param>
    /// <returns>The initializer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="range"/> is not a finite number above 0.</exception>
    public static Initializer Uniform(double range) => new UniformInitializer(Guard.PositiveFinite(range));

    /// <summary>The initializer that suits an activation: <see cref="He"/> for rectifiers, otherwise <see cref="Glorot"/>.</summary>
    internal static Initializer For(Activation activation) => activation.IsRectifier ? He : Glorot;

    /// <summary>Draws one weight of a layer.</summary>
    internal abstract double Draw(RandomStream random, int inputs, int outputs);

    private protected static double DrawUniform(RandomStream random, double range) => ((2 * random.NextDouble()) - 1) * range;
}
