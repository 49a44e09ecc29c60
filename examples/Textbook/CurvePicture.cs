using System.Globalization;

namespace BpTrainer.Examples.Textbook;

/// <summary>Points, a function and its approximation as an SVG picture.</summary>
internal static class CurvePicture
{
    private const int Width = 720, Height = 400, Margin = 44;

    public static string Draw(double[] x, double[] y, double[] grid, Func<double, double> function, Func<double, double> approximation)
    {
        double[] heights = [.. y, .. grid.Select(function), .. grid.Select(approximation)];
        Axis across = new(grid[0], grid[^1], Margin, Width - Margin), up = new(heights.Min(), heights.Max(), Height - Margin, Margin);
        string Curve(Func<double, double> f) => string.Join(' ', grid.Select(at => $"{across.Place(at)},{up.Place(f(at))}"));
        string dots = string.Concat(x.Zip(y, (a, b) => $"""<circle cx="{across.Place(a)}" cy="{up.Place(b)}" r="3"/>"""));
        string middle = Axis.Text(Height / 2.0);
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13">
              <rect width="{Width}" height="{Height}" fill="white"/>
              <path d="M{Margin},{Margin} V{Height - Margin} H{Width - Margin}" fill="none" stroke="#555"/>
              <g fill="#555" text-anchor="middle">
                {string.Concat(across.Ticks().Select(at => $"""<text x="{across.Place(at)}" y="{Height - Margin + 18}">{at}</text>"""))}
                {string.Concat(up.Ticks().Select(at => $"""<text x="{Margin - 16}" y="{up.Place(at)}" dy="4">{at}</text>"""))}
                <text x="{Width / 2}" y="{Height - 8}">x</text><text x="12" y="{middle}">y</text>
              </g>
              <g fill="#888">{dots}</g>
              <polyline points="{Curve(function)}" fill="none" stroke="#1b7837" stroke-width="2" stroke-dasharray="6 4"/>
              <polyline points="{Curve(approximation)}" fill="none" stroke="#2166ac" stroke-width="2"/>
              <g transform="translate({Width - 170},{Height - 130})">
                <circle cx="10" cy="0" r="3" fill="#888"/><text x="28" y="4">samples</text>
                <path d="M0,20 H20" stroke="#1b7837" stroke-width="2" stroke-dasharray="6 4"/><text x="28" y="24">f(x)</text>
                <path d="M0,40 H20" stroke="#2166ac" stroke-width="2"/><text x="28" y="44">network</text>
              </g>
            </svg>

            """;
    }

    /// <summary>Where the values of an axis are on the picture.</summary>
    private readonly record struct Axis(double Lowest, double Highest, double From, double To)
    {
        public static string Text(double place) => place.ToString("F1", CultureInfo.InvariantCulture);

        public string Place(double value) => Text(From + ((value - Lowest) / (Highest - Lowest) * (To - From)));

        /// <summary>The whole numbers on the axis.</summary>
        public IEnumerable<int> Ticks() => Enumerable.Range(
            (int)Math.Ceiling(Lowest), (int)Math.Floor(Highest) - (int)Math.Ceiling(Lowest) + 1);
    }
}
