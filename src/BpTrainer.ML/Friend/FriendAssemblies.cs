using System.Runtime.CompilerServices;

// The run-time half of the friend seam; FriendSeam.targets is the half for the compiler. README.md says why.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
