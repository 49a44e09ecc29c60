namespace BpTrainer.ML;

/// <summary>
/// A set of values to start from: <c>new BackPropagationBinaryTrainer.Options(Preset.Classic) { LabelColumnName = "Spam" }</c>.
/// </summary>
public enum Preset
{
    /// <summary>The default values of the options: the best predictions on most tables.</summary>
    Default,

    /// <summary>The default values, but with one network instead of an ensemble: the shortest training.</summary>
    Fast,

    /// <summary>
    /// Back-propagation as textbooks describe it: one hidden layer of 64 units with <see cref="Activation.Tanh"/>, trained by gradient
    /// descent with momentum and an adaptive learning rate (<see cref="Optimizer.AdaptiveMomentum"/>), no codes of the features, and one
    /// network.
    /// </summary>
    Classic,
}
