using System.Text;
using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Training;

namespace BpTrainer;

/// <summary>How the gradient changes the parameters, and with which learning rate.</summary>
/// <remarks>In the formulas, w is a parameter, g = ∂E/∂w is its gradient over the batch, and η is the learning rate, finite and above
/// 0.</remarks>
public abstract record Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>Gradient descent, the Widrow–Hoff or delta rule: w ← w − η g.</summary>
    /// <param name="learningRate">η. Default: 0.01.</param>
    public static Optimizer GradientDescent(double learningRate = 0.01) => new GradientDescentOptimizer(learningRate);

    /// <summary>The momentum method of Rumelhart, Hinton and Williams (1986): Δw ← β Δw − η g, w ← w + Δw.</summary>
    /// <param name="learningRate">η. Default: 0.01.</param>
    /// <param name="momentum">β, the share of the last step that is kept; in [0, 1). Default: 0.9.</param>
    public static Optimizer Momentum(double learningRate = 0.01, double momentum = 0.9) => new MomentumOptimizer(learningRate, momentum);

    /// <summary>
    /// Nesterov's accelerated gradient in the form of Sutskever et al. (ICML 2013), which scikit-learn also uses: Δw ← β Δw − η g, w ← w +
    /// β Δw − η g, where w is the point that looks ahead.
    /// </summary>
    /// <inheritdoc cref="Momentum"/>
    public static Optimizer Nesterov(double learningRate = 0.01, double momentum = 0.9) => new NesterovOptimizer(learningRate, momentum);

    /// <summary>
    /// Gradient descent with an adaptive learning rate, like MATLAB's traingda: if the loss has risen by more than the tolerance after a
    /// step, the step is undone and the rate decreases; if the loss has fallen, the rate increases. With
    /// <see cref="TrainingOptions.FullBatch"/>, every update is judged; with smaller batches, every epoch.
    /// </summary>
    /// <param name="learningRate">The first η. Default: 0.01.</param>
    /// <param name="increase">The factor of the rate after the loss fell; finite, 1 or more. Default: 1.05 (lr_inc).</param>
    /// <param name="decrease">The factor of the rate after a rejected step; in (0, 1). Default: 0.7 (lr_dec).</param>
    /// <param name="toleratedRise">A step is rejected if the new loss is above this factor times the old loss; finite, 1 or more. Default:
    /// 1.04 (max_perf_inc).</param>
    public static Optimizer AdaptiveGradientDescent(
        double learningRate = 0.01, double increase = 1.05, double decrease = 0.7, double toleratedRise = 1.04) =>
        new GradientDescentOptimizer(learningRate) { AdaptiveRate = new AdaptiveRate(increase, decrease, toleratedRise) };

    /// <summary>
    /// Momentum with an adaptive learning rate: steps are computed with momentum, and they are judged and undone and the rate is adapted as
    /// in <see cref="AdaptiveGradientDescent"/>. A rejected step also resets Δw to 0.
    /// </summary>
    /// <remarks>
    /// Textbooks and MATLAB's traingdx multiply the gradient in a step by different factors (see <see cref="AdaptiveMomentumRule"/>), so
    /// with the same η and β they are different methods. The default is the textbook rule, because it is <see cref="Momentum"/> as it is
    /// usually defined, and without momentum it is <see cref="AdaptiveGradientDescent"/>.
    /// </remarks>
    /// <inheritdoc cref="AdaptiveGradientDescent"/>
    /// <param name="momentum">β, the share of the last step that is kept; in [0, 1), and above 0 with
    /// <see cref="AdaptiveMomentumRule.MatlabHelp"/>. Default: 0.9 (mc).</param>
    /// <param name="rule">How a step is computed from the last one and the gradient. Default:
    /// <see cref="AdaptiveMomentumRule.Textbook"/>.</param>
    public static Optimizer AdaptiveMomentum(
        double learningRate = 0.01, double momentum = 0.9, double increase = 1.05, double decrease = 0.7, double toleratedRise = 1.04,
        AdaptiveMomentumRule rule = AdaptiveMomentumRule.Textbook) =>
        new MomentumOptimizer(learningRate, momentum)
        {
            AdaptiveRate = new AdaptiveRate(increase, decrease, toleratedRise),
            Rule = rule,
        };

    /// <summary>
    /// Resilient propagation without weight-backtracking, iRPROP− (Igel and Hüsken, Neurocomputing 50, 2003): every parameter has its own
    /// step, which grows while the sign of its gradient stays the same and shrinks when the sign changes; after a change, the parameter is
    /// not updated once. This needs <see cref="TrainingOptions.FullBatch"/>. Except for the first step, the defaults are those of FANN.
    /// </summary>
    /// <param name="initialStep">The first step of every parameter, limited to the bounds; it takes the place of the learning rate.
    /// Default: 0.1.</param>
    /// <param name="increase">The factor of a step if the sign stayed the same; finite, 1 or more. Default: 1.2.</param>
    /// <param name="decrease">The factor of a step after a change of sign; in (0, 1). Default: 0.5.</param>
    /// <param name="minimumStep">The smallest step; finite, 0 or more. Default: 0.</param>
    /// <param name="maximumStep">The largest step; finite and above the smallest. Default: 50.</param>
    public static Optimizer ResilientMinus(
        double initialStep = 0.1, double increase = 1.2, double decrease = 0.5, double minimumStep = 0, double maximumStep = 50) =>
        new ResilientOptimizer(initialStep, false, increase, decrease, minimumStep, maximumStep);

    /// <summary>
    /// Resilient propagation with weight-backtracking, iRPROP+: like <see cref="ResilientMinus"/>, but if the loss rose, a parameter whose
    /// gradient changed its sign takes its last step back.
    /// </summary>
    /// <inheritdoc cref="ResilientMinus"/>
    public static Optimizer ResilientPlus(
        double initialStep = 0.1, double increase = 1.2, double decrease = 0.5, double minimumStep = 0, double maximumStep = 50) =>
        new ResilientOptimizer(initialStep, true, increase, decrease, minimumStep, maximumStep);

    /// <summary>AdaGrad (Duchi, Hazan and Singer, JMLR 12, 2011): s ← s + g², w ← w − η g / (√s + ε).</summary>
    /// <param name="learningRate">η. Default: 0.01.</param>
    /// <param name="epsilon">ε; finite and above 0. Default: 1e-10.</param>
    public static Optimizer AdaGrad(double learningRate = 0.01, double epsilon = 1e-10) => new AdaGradOptimizer(learningRate, epsilon);

    /// <summary>RMSProp (Tieleman and Hinton, 2012): s ← ρ s + (1 − ρ) g², w ← w − η g / (√s + ε).</summary>
    /// <param name="learningRate">η. Default: 0.001.</param>
    /// <param name="decay">ρ; in [0, 1). Default: 0.9.</param>
    /// <param name="epsilon">ε; finite and above 0. Default: 1e-8.</param>
    public static Optimizer RmsProp(double learningRate = 0.001, double decay = 0.9, double epsilon = 1e-8) =>
        new RmsPropOptimizer(learningRate, decay, epsilon);

    /// <summary>
    /// Adam (Kingma and Ba, ICLR 2015): m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², and, in update t, w ← w − η m̂ / (√v̂ + ε) with m̂ =
    /// m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).
    /// </summary>
    /// <param name="learningRate">η. Default: 0.001.</param>
    /// <param name="beta1">β₁; in [0, 1). Default: 0.9.</param>
    /// <param name="beta2">β₂; in [0, 1). Default: 0.999.</param>
    /// <param name="epsilon">ε; finite and above 0. Default: 1e-8.</param>
    public static Optimizer Adam(double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) =>
        new AdamOptimizer(learningRate, beta1, beta2, epsilon, null);

    /// <summary>
    /// Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019): every update begins with w ← w − η·decay·w for weights; biases
    /// and slopes do not decay. It is <see cref="Adam"/> with <see cref="Regularization.WeightDecay"/>, which must not be set as well.
    /// </summary>
    /// <inheritdoc cref="Adam"/>
    /// <param name="decay">The decay; finite, 0 or more. Default: 0.01.</param>
    public static Optimizer AdamW(
        double learningRate = 0.001, double decay = 0.01, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) =>
        new AdamOptimizer(learningRate, beta1, beta2, epsilon, decay);

    /// <summary>
    /// Nadam, Adam with Nesterov's momentum (Dozat, ICLR workshop 2016), with the momentum schedule μₜ = β₁ (1 − ½·0.96^(ψt)), which
    /// PyTorch and Keras also use: with m and v as in <see cref="Adam"/> and π = μ₁ μ₂ … μₜ, w ← w − η (μₜ₊₁ m / (1 − π μₜ₊₁) + (1 − μₜ) g
    /// / (1 − π)) / (√v̂ + ε).
    /// </summary>
    /// <inheritdoc cref="Adam" path="/*[not(self::param[@name='learningRate'])]"/>
    /// <param name="learningRate">η. Default: 0.002.</param>
    /// <param name="momentumDecay">ψ; finite, 0 or more. Default: 0.004.</param>
    public static Optimizer Nadam(
        double learningRate = 0.002, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double momentumDecay = 0.004) =>
        new NadamOptimizer(learningRate, beta1, beta2, epsilon, momentumDecay);

    /// <summary>
    /// L-BFGS (Liu and Nocedal, Mathematical Programming 45, 1989): steps along −H g, where H approximates the inverse of the Hessian from
    /// the last changes of parameters and gradient, with a line search for the strong Wolfe conditions. An epoch is one such step. It needs
    /// all samples at once, <see cref="TrainingOptions.FullBatch"/>. It has no learning rate; in its place, it reports the length of the
    /// step before, in units of H g.
    /// </summary>
    /// <param name="history">The number of changes that are remembered; 1 or more. Default: 10.</param>
    /// <param name="minimumGradient">Training stops when the Euclidean norm of the gradient is at or below this; finite, 0 or more.
    /// Default: 1e-5.</param>
    public static Optimizer Lbfgs(int history = 10, double minimumGradient = 1e-5) => new LbfgsOptimizer(history, minimumGradient);

    /// <summary>
    /// Scaled conjugate gradient (Møller, Neural Networks 6, 1993), like MATLAB's trainscg: steps along conjugate directions, whose length
    /// follows from the curvature along them, without a line search. The curvature is computed from the difference of two gradients. A
    /// scale λ keeps it above 0, and keeps the steps short where the loss is not nearly quadratic. An epoch is one step that does not
    /// increase the loss; a step that would increase it is tried again with a larger λ. It needs all samples at once,
    /// <see cref="TrainingOptions.FullBatch"/>. It has no learning rate; in its place, it reports the length α of the step before, in units
    /// of its direction.
    /// </summary>
    /// <param name="sigma">σ, the distance of the second gradient; finite and above 0. Default: 5e-5 (sigma). The distance is at least the
    /// square root of the precision times 1 + |w|, where w are the parameters: 0.00035 (1 + |w|) in float, 1.5e-8 (1 + |w|) in
    /// double.</param>
    /// <param name="lambda">The first λ; finite and above 0. Default: 5e-7 (lambda).</param>
    /// <param name="minimumGradient">Training stops when the Euclidean norm of the gradient is at or below this; finite, 0 or more.
    /// Default: 1e-6 (min_grad).</param>
    public static Optimizer ScaledConjugateGradient(double sigma = 5e-5, double lambda = 5e-7, double minimumGradient = 1e-6) =>
        new ScaledConjugateGradientOptimizer(sigma, lambda, minimumGradient);

    /// <summary>
    /// Levenberg–Marquardt (Hagan and Menhaj, IEEE Transactions on Neural Networks 5, 1994), like MATLAB's trainlm: w ← w − (JᵀJ + μI)⁻¹
    /// Jᵀe, where e are the errors of all samples and J = ∂e/∂w. The damping μ decreases after a step that lowered the loss. After a step
    /// that did not, μ increases and a new step is tried from the same weights. It is for squared errors and small networks, because its
    /// memory grows with the square and its time with the cube of the number of parameters. An epoch is one step that lowers the loss. It
    /// needs <see cref="TrainingOptions.FullBatch"/>. It has no learning rate and reports μ in its place.
    /// </summary>
    /// <param name="damping">The first μ; finite and above 0. Default: 0.001 (mu).</param>
    /// <param name="decrease">The factor of μ after a step that lowered the loss; in (0, 1). Default: 0.1 (mu_dec).</param>
    /// <param name="increase">The factor of μ after a step that did not lower the loss; finite and above 1. Default: 10 (mu_inc).</param>
    /// <param name="maximumDamping">Training stops when μ is above this; finite and above 0. Default: 1e10 (mu_max).</param>
    /// <param name="minimumGradient">Training stops when the Euclidean norm of the gradient of the mean loss is at or below this; finite, 0
    /// or more. Default: 1e-7 (min_grad).</param>
    /// <param name="maximumMemory">The maximum number of bytes for the matrices, above 0; they need about 16 times the square of the number
    /// of parameters. Default: null, which is half of the memory of the machine or its container.</param>
    public static Optimizer LevenbergMarquardt(
        double damping = 0.001, double decrease = 0.1, double increase = 10, double maximumDamping = 1e10, double minimumGradient = 1e-7,
        long? maximumMemory = null) =>
        new LevenbergMarquardtOptimizer(damping, decrease, increase, maximumDamping, minimumGradient, maximumMemory);

    /// <summary>
    /// Levenberg–Marquardt with Bayesian regularization (MacKay, Neural Computation 4, 1992; Foresee and Hagan, ICNN 1997), like MATLAB's
    /// trainbr. It minimizes β E_D + α E_W, where E_D is the sum of the squared errors and E_W the sum of the squares of all N parameters,
    /// including biases and slopes. It finds α and β during training: after every step, α = γ / (2 E_W) and β = (n − γ) / (2 E_D), where n
    /// is the number of errors and γ = N − 2α tr(H⁻¹), with H = 2β JᵀJ + 2α I, is the effective number of parameters. They are in
    /// <see cref="TrainingResult.BayesianRegularization"/>. It cannot be combined with other penalties.
    /// </summary>
    /// <remarks>
    /// Without a validation set, the network gets the weights of the last epoch: neither the training loss nor β E_D + α E_W, whose α and β
    /// change from epoch to epoch, shows which epoch is the best. Inputs and targets should be scaled to about −1 to 1, because one α
    /// applies to all parameters. If there are not more errors than parameters, it may treat everything as noise and learn nothing.
    /// </remarks>
    /// <inheritdoc cref="LevenbergMarquardt" path="/*[not(self::param[@name='damping'])]"/>
    /// <param name="damping">The first μ, relative to the objective; finite and above 0. Default: 0.005 (mu).</param>
    public static Optimizer BayesianRegularization(
        double damping = 0.005, double decrease = 0.1, double increase = 10, double maximumDamping = 1e10, double minimumGradient = 1e-7,
        long? maximumMemory = null) =>
        new BayesianRegularizationOptimizer(damping, decrease, increase, maximumDamping, minimumGradient, maximumMemory);

    /// <summary>The learning rate η of the first update; null for an optimizer that finds the length of its steps itself.</summary>
    public virtual double? LearningRate => null;

    /// <summary>
    /// The learning rate of biases divided by that of all other parameters; finite and above 0. The factor stays the same when the learning
    /// rate changes. Optimizers without a learning rate accept only 1. Default: 1.
    /// </summary>
    public double BiasRateFactor { get; init; } = 1;

    /// <summary>The lower-case name, without parameters, such as <c>momentum</c> or <c>adaptive-momentum</c>.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether every update needs all samples, so that <see cref="TrainingOptions.BatchSize"/> must be
    /// <see cref="TrainingOptions.FullBatch"/>.
    /// </summary>
    public virtual bool IsFullBatchOnly => false;

    /// <summary>
    /// Whether another training can start from its state; see <see cref="TrainingOptions.KeepOptimizerState"/>. The state of optimizers
    /// without a learning rate is valid only for the samples of one training. iRPROP+ judges its first step by the loss before it, even if
    /// this loss is of other samples.
    /// </summary>
    public virtual bool KeepsState => true;

    /// <summary>The common name of optimizers with the same state.</summary>
    internal virtual string StateName => Name;

    /// <summary>Whether steps are proportional to a learning rate that a schedule may change and a range test may search for.</summary>
    internal virtual bool TakesSchedule => false;

    /// <summary>Whether it can be combined with <see cref="BpTrainer.Regularization.WeightDecay"/>.</summary>
    internal virtual bool TakesWeightDecay => TakesSchedule;

    /// <summary>Whether an epoch measures the loss over all samples in addition to training on them.</summary>
    internal virtual bool MeasuresLoss => false;

    /// <summary>Whether the training loss of an epoch is measured on its batches before their updates, not with the weights after the
    /// epoch.</summary>
    internal virtual bool LossIsThatOfBatches => false;

    /// <summary>Whether its objective changes in every epoch, so that epochs cannot be compared by it and the last epoch counts as the
    /// best.</summary>
    internal virtual bool ChangesItsObjective => false;

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public sealed override string ToString() => Name;

    /// <summary>Returns the same optimizer with another learning rate.</summary>
    /// <param name="learningRate">η; finite and above 0.</param>
    /// <exception cref="InvalidOperationException">The optimizer takes no learning rate.</exception>
    public virtual Optimizer WithLearningRate(double learningRate) =>
        throw new InvalidOperationException($"The optimizer {Name} takes no learning rate: it finds the length of its steps itself.");

    /// <summary>All parameters of the optimizer, as text.</summary>
    internal string Describe()
    {
        var text = new StringBuilder();
        PrintMembers(text);
        return text.ToString();
    }

    /// <summary>Throws if a parameter is out of its range.</summary>
    internal virtual void Validate() => Guard.PositiveFinite(BiasRateFactor);

    /// <summary>Throws if other options cannot be combined with the optimizer.</summary>
    internal virtual void Check(TrainingOptions options)
    {
        bool isInBatches = IsFullBatchOnly && options.BatchSize != TrainingOptions.FullBatch;
        const string FullBatch = $"{nameof(TrainingOptions)}.{nameof(TrainingOptions.FullBatch)}";
        Refuse(isInBatches, options.BatchSize, FullBatch, "which learns from all samples at once");
        bool keepsNothing = options.KeepOptimizerState && !KeepsState;
        Refuse(keepsNothing, options.KeepOptimizerState, "false", "which has no state that another training can use");
    }

    /// <summary>Throws if the optimizer cannot train a network of this size.</summary>
    internal virtual void CheckSize<T>(LayerLayout[] layouts) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
    }

    /// <summary>The options, completed by those that the optimizer implies.</summary>
    internal virtual TrainingOptions Complete(TrainingOptions options) => options;

    /// <summary>The bytes of the optimizer state.</summary>
    internal abstract long Bytes<T>(LayerLayout[] layouts) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Throws if an option cannot be combined with the optimizer; the message says what is allowed and why.</summary>
    private protected void Refuse(
        bool isWrong, object? value, string right, string reason, [CallerArgumentExpression(nameof(value))] string option = "")
    {
        if (isWrong)
        {
            throw Guard.OutOfRange(option, value!, $"{right} with the optimizer {Name}, {reason}");
        }
    }
}
