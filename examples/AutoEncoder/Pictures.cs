namespace BpTrainer.Examples.AutoEncoder;

/// <summary>Draws pictures with characters.</summary>
internal static class Pictures
{
    private const string Shades = " .:-=+*#%@";
    private const float Brightest = 16;

    /// <summary>Writes the first pictures side by side, and below each the picture restored from its code.</summary>
    public static void Write(TextWriter to, float[] pictures, float[] restored, int pixels, int count)
    {
        int width = (int)Math.Sqrt(pixels);
        foreach (float[] values in new[] { pictures, restored })
        {
            for (int line = 0; line < width; line++)
            {
                to.WriteLine(string.Join("   ", Enumerable.Range(0, count).Select(picture =>
                    string.Concat(values.Skip((picture * pixels) + (line * width)).Take(width).Select(Shade)))));
            }

            to.WriteLine();
        }
    }

    // Characters are about twice as high as wide, so each pixel is drawn as two of them.
    private static string Shade(float pixel)
    {
        int shade = (int)(Math.Clamp(pixel / Brightest, 0, 0.999f) * Shades.Length);
        return new string(Shades[shade], 2);
    }
}
