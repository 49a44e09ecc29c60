namespace BpTrainer.Kernels;

/// <summary>
/// Adding 1.5·2^(bits of the mantissa) to a whole number puts it into the low bits of the sum. With the bias of the exponent
/// added too, a shift makes these low bits the exponent of a power of two.
/// </summary>
internal static class PowerOfTwoBits
{
    public const float SingleShift = 12582912f + 127f;

    public const double DoubleShift = 6755399441055744d + 1023d;
}
