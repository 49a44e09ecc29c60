namespace BpTrainer;

/// <summary>
/// How a step of <see cref="Optimizer.AdaptiveMomentum"/> comes from the last step Δw and the gradient g: w ← w + Δw with a new Δw of β Δw
/// and a share of −η g. After a step that is undone Δw is 0.
/// </summary>
public enum AdaptiveMomentumRule
{
    /// <summary>
    /// Δw ← β Δw − η g, the momentum method of Rumelhart, Hinton and Williams (1986). With β = 0 it is
    /// <see cref="Optimizer.AdaptiveGradientDescent"/>.
    /// </summary>
    Textbook = 0,

    /// <summary>
    /// Δw ← β Δw − (1 − β) η g, and −η g in the first step and in the first after one that was undone: what MATLAB's traingdx computes,
    /// dX = mc*dX + (1−mc)*lr*gX, with dX = lr*gX before. In the long run steps are 1 − β times as long as those of
    /// <see cref="Textbook"/>. With β = 0 it is <see cref="Optimizer.AdaptiveGradientDescent"/>.
    /// </summary>
    MatlabCode = 1,

    /// <summary>
    /// Δw ← β Δw − η β g: what the help text of MATLAB's traingdx says, dX = mc*dXprev + lr*mc*dperf/dX. With β = 0 no weight would ever
    /// move, so that β is above 0.
    /// </summary>
    MatlabHelp = 2,
}
