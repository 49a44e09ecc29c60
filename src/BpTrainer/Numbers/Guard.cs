using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BpTrainer.Numbers;

/// <summary>Checks of arguments and options. Each message names the option, its value and the allowed values.</summary>
internal static class Guard
{
    /// <summary>Throws <see cref="ArgumentException"/> unless a condition holds. The message is built only if it does not hold.</summary>
    public static void Require(
        [DoesNotReturnIf(false)] bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Message message, string? name = null)
    {
        if (!holds)
        {
            throw new ArgumentException(message.ToString(), name);
        }
    }

    /// <inheritdoc cref="Require(bool, ref Message, string?)"/>
    public static void Require([DoesNotReturnIf(false)] bool holds, string message, string? name = null) =>
        Require(holds, $"{message}", name);

    public static double PositiveFinite(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) && value > 0 ? value : throw OutOfRange(name, value, "a finite number above 0");

    public static double InRange(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= low && value < high ? value : throw OutOfRange(name, value, $"at least {low} and below {high}");

    /// <summary>A finite number that is at least <paramref name="least"/>.</summary>
    public static double FiniteAtLeast(double value, double least, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) && value >= least
            ? value
            : throw OutOfRange(name, value, FormattableString.Invariant($"a finite number, {least} or more"));

    /// <summary>A share between 0 and 1, both exclusive.</summary>
    public static double InnerShare(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value > 0 && value < 1 ? value : throw OutOfRange(name, value, "above 0 and below 1");

    public static double Share(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value > 0 && value <= 1 ? value : throw OutOfRange(name, value, "above 0 and at most 1");

    public static int AtLeast(int value, int least, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= least ? value : throw OutOfRange(name, value, least == 1 ? "1 or more" : $"{least} or more");

    public static ArgumentOutOfRangeException OutOfRange(string name, object value, string right)
    {
        string option = name[(name.LastIndexOf('.') + 1)..];
        return new ArgumentOutOfRangeException(option, value, FormattableString.Invariant($"{option} is {value}, but must be {right}."));
    }

    /// <summary>The message of <see cref="Require(bool, ref Message, string?)"/>, in the invariant culture.</summary>
    [InterpolatedStringHandler]
    public ref struct Message
    {
        private DefaultInterpolatedStringHandler _text;

        public Message(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _text = holds ? default : new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public override string ToString() => _text.ToStringAndClear();
    }
}
