namespace BpTrainer.ML;

/// <summary>
/// A set of values to start from: <c>new BackPropagationBinaryTrainer.Options(Preset.Classic) { LabelColumnName = "Spam" }</c>.
/// </summary>
public enum Preset
{
    /// <summary>The default values of the options: the best predictions on most tabular data.</summary>
    Default,

    /// <summary>The default values, but with one network instead of an ensemble: the shortest training.</summary>
    Fast,

    /// <summary>
    /// Back-propagation as textbooks describe it: one hidden layer of 64 units with <see cref="Activation.Tanh"/>, trained by gradient
    /// descent with momentum and an adaptive learning rate (<see cref="Optimizer.AdaptiveMomentum"/>), no codes of the features, and one
    /// network.
    /// </summary>
    Classic,

    /// <summary>
    /// For worked examples of textbooks, without anything that the options do not set: one network with one hidden layer of
    /// <see cref="Activation.Logistic"/> units (<see cref="HiddenLayers.Rule"/>), which learns from one row at a time, in the order of the
    /// rows, by gradient descent with a constant learning rate of 0.5. Features and labels are not scaled; there are no codes of the
    /// features, no regularization and no validation part. The weights of the output layer are drawn like those of the hidden layer.
    /// </summary>
    /// <remarks>
    /// Set the number of epochs and whatever else the example specifies: weights (<c>Initializer.Given</c>), kinds of bias, the activation
    /// of the outputs, and for a classification <c>Loss.HalfSquaredError</c> if the example does not use the cross-entropy. As always
    /// without validation rows, the model has the weights of the epoch with the lowest training loss.
    /// </remarks>
    Textbook,
}
