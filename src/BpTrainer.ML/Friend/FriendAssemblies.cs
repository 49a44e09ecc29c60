using System.Runtime.CompilerServices;

// The run-time half of the friend seam; FriendSeam.targets is the half for the compiler. README.md explains why.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace System.Runtime.CompilerServices;

/// <summary>
/// Asks the runtime to treat this assembly as a friend of the named one. The runtime knows the attribute by its full name. No reference
/// assembly declares it, so every assembly that uses it declares its own.
/// </summary>
/// <param name="assemblyName">The simple name of the assembly whose internal members are used.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
