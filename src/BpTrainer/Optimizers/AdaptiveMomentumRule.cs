namespace BpTrainer;

/// <summary>
/// How <see cref="Optimizer.AdaptiveMomentum"/> computes a step from the last step Δw and the gradient g: w ← w + Δw, where the new Δw is
/// the sum of β Δw and a share of −η g. After a step that is undone, Δw is 0.
/// </summary>
public enum AdaptiveMomentumRule
{
    /// <summary>
    /// Δw ← β Δw − η g, the momentum method of Rumelhart, Hinton and Williams (1986). With β = 0, it is
    /// <see cref="Optimizer.AdaptiveGradientDescent"/>.
    /// </summary>
    Textbook = 0,

    /// <summary>
    /// Δw ← β Δw − (1 − β) η g, and −η g in the first step and in the first step after one that was undone: the code of MATLAB's traingdx,
    /// dX = mc*dX + (1−mc)*lr*gX, which begins with dX = lr*gX. In the long run, steps are 1 − β times as long as those of
    /// <see cref="Textbook"/>. With β = 0, it is <see cref="Optimizer.AdaptiveGradientDescent"/>.
    /// </summary>
    MatlabCode = 1,

    /// <summary>
    /// Δw ← β Δw − η β g: the formula in the help text of MATLAB's traingdx, dX = mc*dXprev + lr*mc*dperf/dX. β must be above 0, because
    /// with β = 0 no weight would ever change.
    /// </summary>
    MatlabHelp = 2,
}
