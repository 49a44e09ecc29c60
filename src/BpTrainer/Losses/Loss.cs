using BpTrainer.Losses;

namespace BpTrainer;

/// <summary>
/// The function that training minimizes. It is computed from the m outputs a and the m targets y of a sample; the loss of a batch is its
/// mean over the samples. If the network scales its outputs, y are the scaled targets.
/// </summary>
/// <remarks>
/// A loss is a value: two losses with the same parameters are equal. The constructor of a <see cref="NetworkTrainer{T}"/> checks whether
/// the loss is defined for the output layer of the network.
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
    /// change. Its slope is −1/m, 0 or 1/m, however small the error is, so use a schedule that lowers the learning rate.
    /// </summary>
    public static Loss MeanAbsoluteError { get; } = new AbsoluteErrorLoss();

    /// <summary>
    /// Half the unit deviance of the Poisson distribution, Σ (a − y + y ln(y / a)), for counts and rates: the targets are y ≥ 0, and a is
    /// the expected count (McCullagh and Nelder, Generalized Linear Models, 1989). The outputs must be above 0: use the exponential
    /// activation, which is the log link and forms a matched pair with this loss, or another positive activation. The loss differs from the
    /// negative log-likelihood only by a constant and is 0 for a perfect fit.
    /// </summary>
    /// <remarks>
    /// Targets may be scaled but not shifted: an output scaling must have offsets of 0 and scales above 0, otherwise an exception is
    /// thrown. The loss of y/c and a/c is the loss of y and a, divided by c. For net inputs above 88 (float) or 709 (double), the rate e^z
    /// is infinite, and so is the loss.
    /// </remarks>
    public static Loss Poisson { get; } = new PoissonLoss();

    /// <summary>The lower-case name of the loss, without its parameters.</summary>
    public string Name { get; }

    /// <summary>The parameters of the loss as text; empty if there are none.</summary>
    private protected virtual string Parameters => "";

    /// <summary>
    /// The binary cross-entropy −Σ w (y ln a + (1 − y) ln(1 − a)), with targets in [0, 1] and outputs in (0, 1): logistic or softmax. Every
    /// output is the probability of a separate yes-or-no label.
    /// </summary>
    /// <param name="labelSmoothing">ε, at least 0 and below 1: every target y becomes (1 − ε)y + ε/2, so that no probability is driven to 0
    /// or 1 (Szegedy et al., Rethinking the Inception Architecture, 2016). Default: 0, no smoothing.</param>
    /// <param name="classWeights">The weights of target 0 and of target 1, w = (1 − y)w₀ + y w₁ before smoothing: a class of weight 2
    /// counts as if each of its samples occurred twice. Finite, not negative, not all 0; null for equal weights.
    /// <see cref="BalancedClassWeights"/> returns weights that compensate for rare classes. The list is copied. Default: null.</param>
    /// <returns>The loss.</returns>
    /// <remarks>
    /// Losses are multiplied by the class weights, which are not normalized: the loss of a batch of B samples is (1/B) Σᵢ w(yᵢ) Lᵢ, so
    /// doubling the weights acts like doubling the learning rate, as with class_weight of scikit-learn. Row weights are different: they are
    /// divided by their mean. If m is the mean of w(yᵢ) over the training set, class weights w at the learning rate η have the same effect
    /// as row weights w(yᵢ) at mη. For balanced weights, m is 1. All reported losses include the weights, and so do validation losses.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside its range.</exception>
    /// <exception cref="ArgumentException">There are fewer than two class weights, a weight is negative or not finite, or all are
    /// 0.</exception>
    public static Loss BinaryCrossEntropy(double labelSmoothing = 0, IReadOnlyList<double>? classWeights = null) =>
        new BinaryCrossEntropyLoss(Guard.InRange(labelSmoothing, 0, 1), CrossEntropyLoss.Checked(classWeights));

    /// <summary>
    /// The categorical cross-entropy −w Σ y ln a, with targets that sum to 1 and outputs in (0, 1): softmax or logistic. The outputs are
    /// the probabilities of K classes.
    /// </summary>
    /// <param name="labelSmoothing">ε, at least 0 and below 1: every target y becomes (1 − ε)y + ε/K. Default: 0, no smoothing.</param>
    /// <param name="classWeights">One weight for each class, w = Σ yₖ wₖ before smoothing. Finite, not negative, not all 0; null for equal
    /// weights. The list is copied. Default: null.</param>
    /// <inheritdoc cref="BinaryCrossEntropy"
    /// path="/*[not(self::param[@name='labelSmoothing']) and not(self::param[@name='classWeights'])]"/>
    public static Loss CategoricalCrossEntropy(double labelSmoothing = 0, IReadOnlyList<double>? classWeights = null) =>
        new CategoricalCrossEntropyLoss(Guard.InRange(labelSmoothing, 0, 1), CrossEntropyLoss.Checked(classWeights));

    /// <summary>
    /// Returns class weights with which all classes have the same total weight: wₖ = n / (K nₖ), where n is the number of samples, nₖ the
    /// number of samples of class k, and K the number of classes that have samples. scikit-learn calls this rule balanced (after King and
    /// Zeng, Political Analysis 9, 2001). The mean of the weights over the samples is 1.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="data">The training samples. With one target column, 0 and 1 are two classes; with several, there is one column for each
    /// class, as in one-hot rows. A row of weight w counts as w samples.</param>
    /// <returns>A weight for each class; 1 for a class without samples.</returns>
    /// <exception cref="ArgumentException">The targets are not shares of classes: a target is not in [0, 1], or several targets of a row do
    /// not sum to 1.</exception>
    public static IReadOnlyList<double> BalancedClassWeights<T>(DataSet<T> data) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(data);
        return ClassWeighting.Balanced(data);
    }

    /// <summary>
    /// Huber's loss, Σ ½e² where |e| ≤ δ and Σ δ(|e| − ½δ) elsewhere, with e = a − y: squares for small errors and absolute values for
    /// large ones, so that the gradient of an outlier is at most δ (Huber, Annals of Mathematical Statistics 35, 1964).
    /// </summary>
    /// <param name="delta">δ, the largest error that is squared; finite and above 0, in the units of the (scaled) targets. Default:
    /// 1.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is not finite or not above 0.</exception>
    public static Loss Huber(double delta = 1) => new HuberLoss(Guard.PositiveFinite(delta));

    /// <summary>
    /// The quantile or pinball loss, (1/m) Σ max(τ(y − a), (τ − 1)(y − a)): a network that minimizes it predicts the value below which a
    /// share τ of the targets lies (Koenker and Bassett, Econometrica 46, 1978). With τ = ½ it is half of <see cref="MeanAbsoluteError"/>.
    /// </summary>
    /// <param name="tau">τ, above 0 and below 1. Default: 0.5, the median.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is outside its range.</exception>
    public static Loss Quantile(double tau = 0.5) => new QuantileLoss(Guard.InnerShare(tau));

    /// <summary>
    /// The mean of the quantile losses of several τ, one for each output. The outputs are then several quantiles of one target, or one
    /// quantile of each of several targets. For several quantiles of one target, repeat the target of a sample for each of them. After
    /// <see cref="Activation.CumulativeSoftplus"/>, the quantiles cannot cross.
    /// </summary>
    /// <param name="taus">The τ, each above 0 and below 1, one for each output of the network.</param>
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

    /// <summary>Creates the loss for an output layer; for a matched pair, it works on net inputs.</summary>
    internal abstract LossFunction<T> CreateFunction<T>(LayerSpec output) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Throws if the loss is not defined for targets that are scaled like this.</summary>
    internal virtual void CheckTargets(ColumnScaling? scaling)
    {
    }

    /// <summary>The name of the loss and its parameters, such as <c>huber(delta=1)</c>.</summary>
    /// <returns>The text.</returns>
    public sealed override string ToString() => Parameters.Length == 0 ? Name : $"{Name}({Parameters})";
}
