namespace BpTrainer.Orleans.Silos;

/// <summary>What a silo is for.</summary>
internal enum SiloRole
{
    /// <summary>It does the work of others.</summary>
    Worker,

    /// <summary>It is the user's program, which hands out work and does none.</summary>
    Program,
}

/// <summary>The names of silos, which tell the others their roles.</summary>
internal static class SiloName
{
    private const string WorkerPrefix = "worker ";

    public static string Of(SiloRole role, string name) => role == SiloRole.Worker ? WorkerPrefix + name : "program " + name;

    public static bool IsWorker(string name) => name.StartsWith(WorkerPrefix, StringComparison.Ordinal);
}
