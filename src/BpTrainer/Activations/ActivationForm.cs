namespace BpTrainer;

/// <summary>The text form of an activation: its name, what its parameters are if left out, and how it is made from them.</summary>
internal sealed record ActivationForm(string Name, double[] Defaults, Func<double[], Activation> Create);
