using System.Globalization;

namespace BpTrainer.Activations;

/// <summary>Reads activations from their text form, <c>name</c> or <c>name(number;number)</c>.</summary>
internal static class ActivationText
{
    /// <summary>Every activation there is.</summary>
    private static readonly ActivationForm[] s_forms =
    [
        LinearActivation.Form,
        LogisticActivation.Form,
        TanhActivation.Form,
        ReLUActivation.Form,
        SoftmaxActivation.Form,
        LeakyReLUActivation.Form,
        PReLUActivation.Form,
        EluActivation.Form,
        SeluActivation.Form,
        SoftplusActivation.Form,
        GeluActivation.Form,
        SiLUActivation.Form,
        MishActivation.Form,
        ExponentialActivation.Form,
        CumulativeSoftplusActivation.Form,
        HardLimitActivation.Form,
    ];

    /// <summary>The names that can be read.</summary>
    public static IEnumerable<string> Names => s_forms.Select(form => form.Name);

    public static Activation Read(string text)
    {
        string trimmed = text.Trim();
        int open = trimmed.IndexOf('(');
        string name = (open < 0 ? trimmed : trimmed[..open]).TrimEnd();
        ActivationForm form = Array.Find(s_forms, f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException($"There is no activation named '{name}'. Known are {string.Join(", ", Names)}.");
        try
        {
            return form.Create(open < 0 ? form.Defaults : ReadParameters(text, trimmed[open..], form));
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new FormatException($"The activation '{text}' cannot be used: {error.Message}", error);
        }
    }

    private static double[] ReadParameters(string text, string list, ActivationForm form)
    {
        if (!list.EndsWith(')'))
        {
            throw new FormatException($"The activation '{text}' has no closing parenthesis.");
        }

        string[] given = list[1..^1].Split(';');
        if (given.Length > form.Defaults.Length)
        {
            throw new FormatException(
                $"The activation '{text}' has {given.Length} parameters, but {form.Name} takes {(form.Defaults.Length == 0 ? "none" : $"at most {form.Defaults.Length}")}.");
        }

        double[] parameters = [.. form.Defaults];
        for (int i = 0; i < given.Length; i++)
        {
            if (!double.TryParse(given[i], NumberStyles.Float, CultureInfo.InvariantCulture, out parameters[i]))
            {
                throw new FormatException(
                    $"The activation '{text}' has the parameter '{given[i]}', but a number such as 0.5 is needed; semicolons separate numbers.");
            }
        }

        return parameters;
    }
}
