namespace BpTrainer.Tests;

/// <summary>Element-wise activations and their derivatives in double, as the literature gives them, for every z.</summary>
internal static class ActivationFormulas
{
    /// <summary>f(z) and f′(z) of an activation by its text form.</summary>
    public static (double Value, double Slope) Of(string activation, double z) => double.IsNaN(z) ? (z, z) : activation switch
    {
        "linear" => (z, 1),
        "logistic" => (Logistic(z), LogisticSlope(z)),
        "logistic(1;2)" => (Logistic(z / 2), LogisticSlope(z / 2) / 2),
        "logistic(2;0.5)" => (2 * Logistic(2 * z), 4 * LogisticSlope(2 * z)),
        "logistic(1.5;3)" => (1.5 * Logistic(z / 3), LogisticSlope(z / 3) / 2),
        "tanh" => (Math.Tanh(z), 1 - (Math.Tanh(z) * Math.Tanh(z))),
        "relu" => (Math.Max(z, 0), z > 0 ? 1 : 0),
        "leaky-relu(0.01)" => z > 0 ? (z, 1) : (0.01 * z, 0.01),
        "leaky-relu(0.3)" => z > 0 ? (z, 1) : (0.3 * z, 0.3),
        "elu(1)" => Elu(z, 1, 1),
        "elu(0.7)" => Elu(z, 1, 0.7),
        "selu" => Elu(z, 1.0507009873554804934193349852946, 1.6732632423543772848170429916717),
        "softplus" => (Softplus(z), Logistic(z)),
        "gelu" => Gelu(z),
        "silu" => TimesZ(z, Logistic(z), LogisticSlope(z)),
        "mish" => Mish(z),
        "exponential" => (Math.Exp(z), Math.Exp(z)),
        "hard-limit" => (z >= 0 ? 1 : 0, 0),
        _ => throw new ArgumentException($"No formula for {activation}.", nameof(activation)),
    };

    private static double Logistic(double z) => z < 0 ? Math.Exp(z) / (1 + Math.Exp(z)) : 1 / (1 + Math.Exp(-z));

    private static double LogisticSlope(double z)
    {
        double e = Math.Exp(-Math.Abs(z));
        return e / ((1 + e) * (1 + e));
    }

    private static double Softplus(double z) => Math.Max(z, 0) + LogOf1Plus(Math.Exp(-Math.Abs(z)));

    /// <summary>ln(1 + x) with all digits for small x too, which double.LogP1 does not give: rounding 1 + x is made good.</summary>
    private static double LogOf1Plus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }

    private static (double Value, double Slope) Elu(double z, double lambda, double alpha) =>
        z > 0 ? (lambda * z, lambda) : (lambda * alpha * ExpMinus1(z), lambda * alpha * Math.Exp(z));

    /// <summary>e^z − 1 with all digits near 0 too, which double.ExpM1 does not give: 2 e^(z/2) sinh(z/2).</summary>
    private static double ExpMinus1(double z) => z < -40 ? -1 : 2 * Math.Exp(z / 2) * Math.Sinh(z / 2);

    private static (double Value, double Slope) Gelu(double z)
    {
        // ½(1 + tanh u) as a logistic function, which keeps its digits where tanh u is near −1.
        double root = Math.Sqrt(2 / Math.PI);
        double u = root * (z + (0.044715 * z * z * z));
        return TimesZ(z, Logistic(2 * u), 2 * root * (1 + (3 * 0.044715 * z * z)) * LogisticSlope(2 * u));
    }

    private static (double Value, double Slope) Mish(double z)
    {
        double t = Math.Tanh(Softplus(z));
        return TimesZ(z, t, (1 - (t * t)) * Logistic(z));
    }

    /// <summary>z·g(z) and g + z·g′; far to the left g is 0 though z is infinite, far to the right it is 1.</summary>
    private static (double Value, double Slope) TimesZ(double z, double g, double slope) =>
        Math.Abs(z) > 1e4 ? (z < 0 ? (0, 0) : (z, 1)) : (z * g, g + (z * slope));
}
