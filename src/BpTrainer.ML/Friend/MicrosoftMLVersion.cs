using System.Reflection;

namespace BpTrainer.ML.Friend;

/// <summary>
/// The versions of Microsoft.ML that this assembly works with. The internal members of Microsoft.ML may change in its next major version,
/// and calling one that has changed would fail with an obscure message. So the version is checked at first use.
/// </summary>
internal static class MicrosoftMLVersion
{
    /// <summary>The lowest version of the range, inclusive; Directory.Packages.props sets it.</summary>
    public static Version Lowest { get; } = Stated("MicrosoftML.Lowest");

    /// <summary>The upper end of the range, exclusive; Directory.Packages.props sets it.</summary>
    public static Version Limit { get; } = Stated("MicrosoftML.Limit");

    // The assembly version is 1.0.0.0 in every package; the package version is in the informational version.
    private static readonly Lazy<Version?> s_found = new(() =>
        Parse(typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion));

    public static void Check() => Check(s_found.Value);

    /// <exception cref="NotSupportedException">The version is outside the range. A version that cannot be read is accepted.</exception>
    public static void Check(Version? found)
    {
        if (found is not null && (found < Lowest || found >= Limit))
        {
            string own = typeof(MicrosoftMLVersion).Assembly.GetName().Version!.ToString(3);
            throw new NotSupportedException(
                $"BpTrainer.ML {own} works with Microsoft.ML from {Lowest} up to, not including, {Limit}, " +
                $"but Microsoft.ML {found} was loaded. Reference a version of that range, or a newer BpTrainer.ML.");
        }
    }

    /// <summary>A version that the build wrote into this assembly.</summary>
    private static Version Stated(string key) => Version.Parse(
        typeof(MicrosoftMLVersion).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == key).Value!);

    /// <summary>The version in a text such as 5.0.0-preview.1+abc: its three numbers.</summary>
    public static Version? Parse(string? text) => Version.TryParse(text?.Split('-', '+')[0], out Version? version) ? version : null;
}
