using BpTrainer.Losses;

namespace BpTrainer;

/// <summary>
/// What training minimizes: the mean over the samples of a batch of a figure computed from the outputs a and the targets y of a sample, m
/// of each. When the network scales its outputs, y are the scaled targets.
/// </summary>
/// <remarks>
/// A loss is a value: two with the same parameters are equal. Whether it is defined for the output layer of a network is checked when a
/// <see cref="NetworkTrainer{T}"/> is made.
/// </remarks>
public abstract record Loss
{
    private protected Loss(string name) => Name = name;

    /// <summary>Half the sum of squares, ½ Σ (y − a)². The default for regression.</summary>
    public static Loss HalfSquaredError { get; } = new SquaredErrorLoss("half-squared-error", IsMean: false);

    /// <summary>The mean of squares, (1/m) Σ (y − a)².</summary>
    public static Loss MeanSquaredError { get; } = new SquaredErrorLoss("mean-squared-error", IsMean: true);

    /// <summary>
    /// The mean of absolute errors, (1/m) Σ |y − a|: a network that minimizes it predicts the median of the targets, which outliers do not
    /// move. Its slope is −1/m, 0 or 1/m, however small the error: let the learning rate shrink.
    /// </summary>
    public static Loss MeanAbsoluteError { get; } = new AbsoluteErrorLoss();

    /// <summary>
    /// Half the unit deviance of the Poisson distribution, Σ (a − y + y ln(y / a)), for counts and rates: targets y ≥ 0, a the expected
    /// count (McCullagh and Nelder, Generalized Linear Models, 1989). The outputs must be above 0: exponential, which is the log link and a
    /// matched pair, or another positive activation. It differs from the negative log-likelihood by a constant only, and is 0 for a perfect
    /// fit.
    /// </summary>
    /// <remarks>
    /// Targets may be scaled but not shifted, so a scaling of the outputs must have offsets 0 and scales above 0, or it is refused: the
    /// loss of y/c and a/c is the loss of y and a divided by c. Beyond a net input of 88 (float) or 709 (double) the rate e^z is infinite,
    /// and so is the loss.
    /// </remarks>
    public static Loss Poisson { get; } = new PoissonLoss();

    /// <summary>The lower-case name of the loss, without its parameters.</summary>
    public string Name { get; }

    /// <summary>The parameters of the loss as text, or nothing.</summary>
    private protected virtual string Parameters => "";

    /// <summary>
    /// The binary cross-entropy −Σ w (y ln a + (1 − y) ln(1 − a)), with targets in [0, 1] and outputs in (0, 1): logistic or softmax. Every
    /// output is the probability of a yes or no of its own.
    /// </summary>
    /// <param name="labelSmoothing">ε, at least 0 and below 1: every target y becomes (1 − ε)y + ε/2, so that no probability is driven to 0
    /// or 1 (Szegedy et al., Rethinking the Inception Architecture, 2016). Default 0, no smoothing.</param>
    /// <param name="classWeights">The weights of target 0 and of target 1, w = (1 − y)w₀ + y w₁ before smoothing: a class of weight 2
    /// counts as if each of its samples were there twice. Finite, none negative, not all 0; null for equal weights.
    /// <see cref="BalancedClassWeights"/> gives those that make up for rare classes. The list is copied. Default null.</param>
    /// <returns>The loss.</returns>
    /// <remarks>
    /// Class weights multiply and are not normalized: the loss of a batch of B samples is (1/B) Σᵢ w(yᵢ) Lᵢ, so that weights twice as large
    /// act like a learning rate twice as large; scikit-learn's class_weight multiplies in the same way. The weights of rows differ: they
    /// are divided by their mean. With m the mean of w(yᵢ) over the training set, class weights w at a learning rate η teach like row
    /// weights w(yᵢ) at mη. For balanced weights m is 1. The losses reported, validation losses too, contain the weights.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside its range.</exception>
    /// <exception cref="ArgumentException">There are fewer than two class weights, or one is not allowed, or all are 0.</exception>
    public static Loss BinaryCrossEntropy(double labelSmoothing = 0, IReadOnlyList<double>? classWeights = null) =>
        new BinaryCrossEntropyLoss(Guard.InRange(labelSmoothing, 0, 1), CrossEntropyLoss.Checked(classWeights));

    /// <summary>
    /// The categorical cross-entropy −w Σ y ln a, with targets that sum to 1 and outputs in (0, 1): softmax or logistic. The outputs are
    /// the probabilities of K classes.
    /// </summary>
    /// <param name="labelSmoothing">ε, at least 0 and below 1: every target y becomes (1 − ε)y + ε/K. Default 0, no smoothing.</param>
    /// <param name="classWeights">One weight a class, w = Σ yₖ wₖ before smoothing. Finite, none negative, not all 0; null for equal
    /// weights. The list is copied. Default null.</param>
    /// <inheritdoc cref="BinaryCrossEntropy"/>
    public static Loss CategoricalCrossEntropy(double labelSmoothing = 0, IReadOnlyList<double>? classWeights = null) =>
        new CategoricalCrossEntropyLoss(Guard.InRange(labelSmoothing, 0, 1), CrossEntropyLoss.Checked(classWeights));

    /// <summary>
    /// Class weights with which all classes count the same in total: wₖ = n / (K nₖ), for n samples of which nₖ are of class k, and K
    /// classes that have samples; the rule that scikit-learn calls balanced (after King and Zeng, Political Analysis 9, 2001). Their mean
    /// over the samples is 1.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="data">The training samples. One target column: 0 and 1 are two classes; several: one for each class, such as one-hot
    /// rows. A row of weight w counts as w samples.</param>
    /// <returns>A weight for each class; 1 for a class without samples.</returns>
    /// <exception cref="ArgumentException">The targets are not shares of classes: one is not in [0, 1], or the several of a row do not sum
    /// to 1.</exception>
    public static IReadOnlyList<double> BalancedClassWeights<T>(DataSet<T> data) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(data);
        return ClassWeighting.Balanced(data);
    }

    /// <summary>
    /// Huber's loss, Σ ½e² where |e| ≤ δ and Σ δ(|e| − ½δ) beyond, with e = a − y: squares for small errors, absolute values for large
    /// ones, so that outliers pull no harder than δ (Huber, Annals of Mathematical Statistics 35, 1964).
    /// </summary>
    /// <param name="delta">δ, where squares end, finite and above 0, in the units of the (scaled) targets. Default 1.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is not finite or not above 0.</exception>
    public static Loss Huber(double delta = 1) => new HuberLoss(Guard.PositiveFinite(delta));

    /// <summary>
    /// The quantile or pinball loss, (1/m) Σ max(τ(y − a), (τ − 1)(y − a)): a network that minimizes it predicts what a share τ of the
    /// targets lies below (Koenker and Bassett, Econometrica 46, 1978). With τ = ½ it is half of <see cref="MeanAbsoluteError"/>.
    /// </summary>
    /// <param name="tau">τ, above 0 and below 1. Default 0.5, the median.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is outside its range.</exception>
    public static Loss Quantile(double tau = 0.5) => new QuantileLoss(Guard.InnerShare(tau));

    /// <summary>
    /// The mean of the quantile losses of several τ, one an output: the outputs are then quantiles of one target, or of several targets one
    /// each. Repeat the target of a sample for each of its quantiles. After <see cref="Activation.CumulativeSoftplus"/> they cannot cross.
    /// </summary>
    /// <param name="taus">The τ, each above 0 and below 1, as many as the network has outputs.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentException">There is no τ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A τ is outside its range.</exception>
    public static Loss Quantiles(params double[] taus)
    {
        ArgumentNullException.ThrowIfNull(taus);
        Guard.Require(taus.Length > 0, $"{nameof(taus)} is empty; at least one quantile is needed.", nameof(taus));

        foreach (double tau in taus)
        {
            Guard.InnerShare(tau);
        }

        return new QuantilesLoss(new ValueList(taus));
    }

    /// <summary>The loss behind an output layer; for a matched pair the one that works on net inputs.</summary>
    internal abstract LossFunction<T> CreateFunction<T>(LayerSpec output) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Throws when the loss is not defined for targets that a network scales like this.</summary>
    internal virtual void CheckTargets(ColumnScaling? scaling)
    {
    }

    /// <summary>The name of the loss and its parameters, such as <c>huber(delta=1)</c>.</summary>
    /// <returns>The text.</returns>
    public sealed override string ToString() => Parameters.Length == 0 ? Name : $"{Name}({Parameters})";
}
