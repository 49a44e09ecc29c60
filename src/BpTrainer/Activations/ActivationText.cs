using System.Globalization;

namespace BpTrainer.Activations;

/// <summary>Reads activations from their text form, <c>name</c> or <c>name(number;number)</c>.</summary>
internal static class ActivationText
{
    /// <summary>Every activation: its name, the defaults of its parameters, and how to create it from the parameters.</summary>
    private static readonly (string Name, double[] Defaults, Func<double[], Activation> Create)[] s_forms =
    [
        ("linear", [], _ => Activation.Linear),
        ("logistic", [1, 1], p => Activation.ScaledLogistic(p[0], p[1])),
        ("tanh", [], _ => Activation.Tanh),
        ("relu", [], _ => Activation.ReLU),
        ("softmax", [], _ => Activation.Softmax),
        ("leaky-relu", [LeakyReLUActivation.DefaultSlope], p => Activation.LeakyReLU(p[0])),
        ("prelu", [PReLUActivation.DefaultSlope], p => Activation.PReLU(p[0])),
        ("elu", [1], p => Activation.Elu(p[0])),
        ("selu", [], _ => Activation.Selu),
        ("softplus", [], _ => Activation.Softplus),
        ("gelu", [], _ => Activation.Gelu),
        ("silu", [], _ => Activation.SiLU),
        ("mish", [], _ => Activation.Mish),
        ("exponential", [], _ => Activation.Exponential),
        ("cumulative-softplus", [], _ => Activation.CumulativeSoftplus),
        ("hard-limit", [], _ => Activation.HardLimit),
    ];

    public static IEnumerable<string> Names => s_forms.Select(form => form.Name);

    public static Activation Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        int open = trimmed.IndexOf('(');
        string name = (open < 0 ? trimmed : trimmed[..open]).TrimEnd();
        int index = Array.FindIndex(s_forms, form => form.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            throw new FormatException($"There is no activation named '{name}'. The known activations are {string.Join(", ", Names)}.");
        }

        (name, double[] defaults, Func<double[], Activation> create) = s_forms[index];
        try
        {
            return create(open < 0 ? defaults : ReadParameters(text, trimmed[open..], name, defaults));
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new FormatException($"The activation '{text}' cannot be used: {error.Message}", error);
        }
    }

    private static double[] ReadParameters(string text, string list, string name, double[] defaults)
    {
        if (!list.EndsWith(')'))
        {
            throw new FormatException($"The activation '{text}' has no closing parenthesis.");
        }

        string[] given = list[1..^1].Split(';');
        if (given.Length > defaults.Length)
        {
            string most = defaults.Length == 0 ? "none" : $"at most {defaults.Length}";
            throw new FormatException($"The activation '{text}' has {given.Length} parameters, but {name} takes {most}.");
        }

        double[] parameters = [.. defaults];
        for (int i = 0; i < given.Length; i++)
        {
            if (!double.TryParse(given[i], NumberStyles.Float, CultureInfo.InvariantCulture, out parameters[i]))
            {
                throw new FormatException(
                    $"The activation '{text}' has the parameter '{given[i]}', but must have a number such as 0.5; "
                    + "semicolons separate numbers.");
            }
        }

        return parameters;
    }
}
