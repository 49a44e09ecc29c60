namespace BpTrainer.Report.Drawing;

/// <summary>The rectangle between the axes, in pixels, and the places of values in it.</summary>
internal sealed record Frame(double Left, double Top, double Width, double Height, Axis XAxis, Axis YAxis)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;

    public double X(double value) => Left + (XAxis.Place(value) * Width);

    public double Y(double value) => Bottom - (YAxis.Place(value) * Height);

    /// <summary>Whether a point has a place in it.</summary>
    public bool Has(double x, double y) => double.IsFinite(X(x)) && double.IsFinite(Y(y));
}
