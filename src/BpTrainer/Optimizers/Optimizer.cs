using System.Numerics;
using System.Text;
using BpTrainer.Networks;
using BpTrainer.Numbers;
using BpTrainer.Optimizers;
using BpTrainer.Training;

namespace BpTrainer;

/// <summary>How a gradient changes the parameters, and whether the learning rate adapts to the error.</summary>
/// <remarks>
/// In the formulas w is a parameter, g = ∂E/∂w its slope over the batch and η the learning rate,
/// <see cref="TrainingOptions.LearningRate"/>, whose default each rule names.
/// </remarks>
public abstract record Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>Gradient descent, the Widrow–Hoff or delta rule: w ← w − η g. η is 0.01 by default.</summary>
    public static Optimizer GradientDescent { get; } = new GradientDescentOptimizer();

    /// <summary>The momentum method of Rumelhart, Hinton and Williams (1986): Δw ← β Δw − η g, w ← w + Δw. η is 0.01 by default.</summary>
    /// <param name="momentum">β, the share of the last step that is kept; in [0, 1). Default 0.9.</param>
    /// <returns>The rule.</returns>
    public static Optimizer Momentum(double momentum = MomentumOptimizer.DefaultMomentum) => new MomentumOptimizer(momentum);

    /// <summary>
    /// Nesterov's accelerated gradient in the form of Sutskever et al. (ICML 2013) that scikit-learn uses too:
    /// Δw ← β Δw − η g, w ← w + β Δw − η g, where w is the point that looks ahead. η is 0.01 by default.
    /// </summary>
    /// <param name="momentum">β; in [0, 1). Default 0.9.</param>
    /// <returns>The rule.</returns>
    public static Optimizer Nesterov(double momentum = MomentumOptimizer.DefaultMomentum) => new NesterovOptimizer(momentum);

    /// <summary>
    /// Gradient descent with an adaptive rate, as MATLAB's traingda: an error that rose by more than the tolerance undoes the
    /// step and shrinks the rate, one that fell makes the rate grow. In full-batch mode every update is judged, in
    /// mini-batch mode every epoch. η begins with 0.01 by default.
    /// </summary>
    /// <param name="rate">The figures of the adaptation; null for MATLAB's.</param>
    /// <returns>The rule.</returns>
    public static Optimizer Adaptive(AdaptiveRate? rate = null) => new GradientDescentOptimizer { Rate = rate ?? new AdaptiveRate() };

    /// <summary>
    /// Momentum with an adaptive rate, as MATLAB's traingdx: Δw ← β Δw − η β g. A rejected step also resets Δw to 0. η begins
    /// with 0.01 by default.
    /// </summary>
    /// <param name="momentum">β; above 0 and below 1. Default 0.9.</param>
    /// <param name="rate">The figures of the adaptation; null for MATLAB's.</param>
    /// <returns>The rule.</returns>
    public static Optimizer MomentumAdaptive(double momentum = MomentumOptimizer.DefaultMomentum, AdaptiveRate? rate = null) =>
        new MomentumOptimizer(momentum) { Rate = rate ?? new AdaptiveRate() };

    /// <summary>
    /// Resilient propagation without weight-backtracking, iRPROP− (Igel and Hüsken, Neurocomputing 50, 2003): every parameter
    /// has a step of its own, which grows while the sign of its slope stays and shrinks when it changes; after a change the
    /// parameter rests for one update. It needs all samples at once: <see cref="TrainingOptions.FullBatch"/>. η is the first
    /// step of every parameter, 0.1 by default, kept within the bounds. The other defaults are those of FANN.
    /// </summary>
    /// <param name="increase">The factor of a step after the same sign; finite, 1 or more. Default 1.2.</param>
    /// <param name="decrease">The factor of a step after a change of sign; in (0, 1). Default 0.5.</param>
    /// <param name="minimumStep">The smallest step; finite, 0 or more. Default 0.</param>
    /// <param name="maximumStep">The largest step; finite, above the smallest. Default 50.</param>
    /// <returns>The rule.</returns>
    public static Optimizer ResilientMinus(double increase = 1.2, double decrease = 0.5, double minimumStep = 0, double maximumStep = 50) =>
        new ResilientOptimizer(false, increase, decrease, minimumStep, maximumStep);

    /// <summary>
    /// Resilient propagation with weight-backtracking, iRPROP+: as <see cref="ResilientMinus"/>, and a parameter whose slope
    /// changed its sign takes its last step back if the error rose.
    /// </summary>
    /// <param name="increase">The factor of a step after the same sign; finite, 1 or more. Default 1.2.</param>
    /// <param name="decrease">The factor of a step after a change of sign; in (0, 1). Default 0.5.</param>
    /// <param name="minimumStep">The smallest step; finite, 0 or more. Default 0.</param>
    /// <param name="maximumStep">The largest step; finite, above the smallest. Default 50.</param>
    /// <returns>The rule.</returns>
    public static Optimizer ResilientPlus(double increase = 1.2, double decrease = 0.5, double minimumStep = 0, double maximumStep = 50) =>
        new ResilientOptimizer(true, increase, decrease, minimumStep, maximumStep);

    /// <summary>AdaGrad (Duchi, Hazan and Singer, JMLR 12, 2011): s ← s + g², w ← w − η g / (√s + ε). η is 0.01 by default.</summary>
    /// <param name="epsilon">ε; finite and above 0. Default 1e-10.</param>
    /// <returns>The rule.</returns>
    public static Optimizer AdaGrad(double epsilon = 1e-10) => new AdaGradOptimizer(epsilon);

    /// <summary>RMSProp (Tieleman and Hinton, 2012): s ← ρ s + (1 − ρ) g², w ← w − η g / (√s + ε). η is 0.001 by default.</summary>
    /// <param name="decay">ρ; in [0, 1). Default 0.9.</param>
    /// <param name="epsilon">ε; finite and above 0. Default 1e-8.</param>
    /// <returns>The rule.</returns>
    public static Optimizer RmsProp(double decay = 0.9, double epsilon = 1e-8) => new RmsPropOptimizer(decay, epsilon);

    /// <summary>
    /// Adam (Kingma and Ba, ICLR 2015): m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², and in update t
    /// w ← w − η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ). η is 0.001 by default.
    /// </summary>
    /// <param name="beta1">β₁; in [0, 1). Default 0.9.</param>
    /// <param name="beta2">β₂; in [0, 1). Default 0.999.</param>
    /// <param name="epsilon">ε; finite and above 0. Default 1e-8.</param>
    /// <returns>The rule.</returns>
    public static Optimizer Adam(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) => new AdamOptimizer(beta1, beta2, epsilon, null);

    /// <summary>
    /// Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019): every update begins with w ← w − η·decay·w for
    /// weights; biases and slopes are left out. It is <see cref="Adam"/> with
    /// <see cref="Regularization.WeightDecay"/>, which must not be given besides. η is 0.001 by default.
    /// </summary>
    /// <param name="decay">The decay; finite, 0 or more. Default 0.01.</param>
    /// <param name="beta1">β₁; in [0, 1). Default 0.9.</param>
    /// <param name="beta2">β₂; in [0, 1). Default 0.999.</param>
    /// <param name="epsilon">ε; finite and above 0. Default 1e-8.</param>
    /// <returns>The rule.</returns>
    public static Optimizer AdamW(double decay = 0.01, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) =>
        new AdamOptimizer(beta1, beta2, epsilon, decay);

    /// <summary>
    /// Nadam, Adam with Nesterov's momentum (Dozat, ICLR workshop 2016), with the schedule μₜ = β₁ (1 − ½·0.96^(ψt)) of the
    /// momentum that PyTorch and Keras use too: with m and v as in <see cref="Adam"/> and π = μ₁ μ₂ … μₜ,
    /// w ← w − η (μₜ₊₁ m / (1 − π μₜ₊₁) + (1 − μₜ) g / (1 − π)) / (√v̂ + ε). η is 0.002 by default.
    /// </summary>
    /// <param name="beta1">β₁; in [0, 1). Default 0.9.</param>
    /// <param name="beta2">β₂; in [0, 1). Default 0.999.</param>
    /// <param name="epsilon">ε; finite and above 0. Default 1e-8.</param>
    /// <param name="momentumDecay">ψ; finite, 0 or more. Default 0.004.</param>
    /// <returns>The rule.</returns>
    public static Optimizer Nadam(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double momentumDecay = 0.004) =>
        new NadamOptimizer(beta1, beta2, epsilon, momentumDecay);

    /// <summary>
    /// L-BFGS (Liu and Nocedal, Mathematical Programming 45, 1989): steps along −H g, where H approximates the inverse of the
    /// Hessian by the last changes of parameters and gradient, with a line search for the strong Wolfe conditions. An epoch is
    /// one such step. It needs all samples at once, <see cref="TrainingOptions.FullBatch"/>, takes no learning rate and reports
    /// the length of the step before, in units of H g, in its place.
    /// </summary>
    /// <param name="history">How many changes are remembered; 1 or more. Default 10.</param>
    /// <param name="minimumGradient">Training stops when the Euclidean norm of the gradient is at or below this; finite, 0 or more. Default 1e-5.</param>
    /// <returns>The rule.</returns>
    public static Optimizer Lbfgs(int history = 10, double minimumGradient = 1e-5) => new LbfgsOptimizer(history, minimumGradient);

    /// <summary>
    /// Levenberg–Marquardt (Hagan and Menhaj, IEEE Transactions on Neural Networks 5, 1994), as MATLAB's trainlm:
    /// w ← w − (JᵀJ + μI)⁻¹ Jᵀe for the errors e of all samples and J = ∂e/∂w, with μ as in
    /// <see cref="LevenbergMarquardtFigures"/>. For squared errors and small networks: memory grows with the square, time with the
    /// cube of the number of parameters. An epoch is one step that makes the error smaller. It needs all samples at once,
    /// <see cref="TrainingOptions.FullBatch"/>, takes no learning rate and reports μ in its place.
    /// </summary>
    /// <param name="figures">The figures of the method; null for MATLAB's.</param>
    /// <returns>The rule.</returns>
    public static Optimizer LevenbergMarquardt(LevenbergMarquardtFigures? figures = null) =>
        new LevenbergMarquardtOptimizer(figures ?? new LevenbergMarquardtFigures());

    /// <summary>The figures by which the learning rate adapts to the error; null for a constant rate. Default null.</summary>
    public AdaptiveRate? Rate { get; init; }

    /// <summary>The lower-case name of the rule, without its figures, such as <c>momentum</c> or <c>adaptive-momentum</c>.</summary>
    public string Name => Rate is null ? Method : $"adaptive-{Method}";

    /// <summary>Whether every update needs all samples, so that <see cref="TrainingOptions.BatchSize"/> must be <see cref="TrainingOptions.FullBatch"/>.</summary>
    public virtual bool IsFullBatchOnly => false;

    /// <summary>Whether the rule has a use for <see cref="TrainingOptions.LearningRate"/>; one that finds the length of its steps itself has none.</summary>
    public virtual bool TakesLearningRate => true;

    /// <summary>
    /// Whether what the rule remembers serves another training too; see <see cref="TrainingOptions.KeepOptimizerState"/>. What L-BFGS and
    /// Levenberg–Marquardt remember holds for the samples at hand only. iRPROP+ judges its first step by the error before, be it that of other samples.
    /// </summary>
    public virtual bool KeepsState => true;

    /// <summary>The name under which rules share what they remember.</summary>
    internal virtual string StateName => Name;

    /// <summary>The name but for the adaptive rate.</summary>
    private protected abstract string Method { get; }

    /// <summary>The learning rate of a training whose options give none.</summary>
    internal virtual double DefaultLearningRate => 0.01;

    /// <summary>Whether steps are in proportion to a learning rate that the error does not change: one that a schedule may change and that can be looked for. Rules that need all samples find their steps themselves.</summary>
    internal virtual bool TakesSchedule => Rate is null && !IsFullBatchOnly;

    /// <summary>Whether an epoch measures the loss over all samples besides learning from them.</summary>
    internal virtual bool MeasuresLoss => Rate is not null;

    /// <summary>Whether the training loss of an epoch is that of its batches before their updates, not that of the weights it ends with.</summary>
    internal virtual bool LossIsThatOfBatches => Rate is null;

    /// <summary>The name of the rule.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public sealed override string ToString() => Name;

    /// <summary>Everything that makes the rule what it is.</summary>
    internal string Describe()
    {
        var text = new StringBuilder();
        PrintMembers(text);
        return text.ToString();
    }

    /// <summary>Throws if a figure of the rule is out of its range.</summary>
    internal virtual void Validate() => Rate?.Validate();

    /// <summary>Throws if other options do not go with the rule.</summary>
    internal virtual void Check(TrainingOptions options)
    {
        Refuse(
            IsFullBatchOnly && options.BatchSize != TrainingOptions.FullBatch,
            nameof(options.BatchSize),
            options.BatchSize,
            $"{nameof(TrainingOptions)}.{nameof(TrainingOptions.FullBatch)}",
            "which learns from all samples at once");
        Refuse(
            options.KeepOptimizerState && !KeepsState,
            nameof(options.KeepOptimizerState),
            options.KeepOptimizerState,
            "false",
            "which remembers nothing that serves another training");
    }

    /// <summary>Throws if the rule cannot train a network of this size.</summary>
    internal virtual void CheckSize<T>(LayerLayout[] layouts) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
    }

    /// <summary>The options with what the rule adds to them.</summary>
    internal virtual TrainingOptions Complete(TrainingOptions options) => options;

    /// <summary>The bytes that the rule takes besides parameters and gradient.</summary>
    internal abstract long Bytes<T>(LayerLayout[] layouts) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Puts together what runs the epochs of a training.</summary>
    internal abstract Learner<T> CreateLearner<T>(TrainingParts<T> parts) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Throws if an option does not go with the rule.</summary>
    private protected void Refuse(bool isWrong, string option, object? value, string right, string reason)
    {
        if (isWrong)
        {
            throw Guard.OutOfRange(option, value!, $"{right} with the optimizer {Name}, {reason}");
        }
    }
}
