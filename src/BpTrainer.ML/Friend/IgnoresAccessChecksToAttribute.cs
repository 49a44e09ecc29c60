namespace System.Runtime.CompilerServices;

/// <summary>
/// Asks the runtime to treat this assembly as a friend of the named one. The runtime knows the attribute
/// by its full name; no reference assembly declares it, so every assembly that uses it brings its own.
/// </summary>
/// <param name="assemblyName">The simple name of the assembly whose internal members are used.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>The simple name of the assembly whose internal members are used.</summary>
    public string AssemblyName { get; } = assemblyName;
}
