namespace BpTrainer.Examples.Tests.Docs;

/// <summary>The pieces of programs on the page of clusters compile. The tests of BpTrainer.Orleans run the same calls.</summary>
public class ClusterPageTests
{
    /// <summary>A member of a package that the repository does not use.</summary>
    private const string Tls = "UseTls";

    /// <summary>What the page has before each piece.</summary>
    private const string Context = """
        using System.Net;
        using BpTrainer;
        using BpTrainer.ML;
        using BpTrainer.Orleans;
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Orleans.Hosting;

        public abstract class Piece
        {
            protected MLContext mlContext = new();
            protected BpCluster cluster = null!;
            protected TextLoader loader = null!;
            protected ITransformer steps = null!, model = null!;
            protected string[] files = [];
            protected CancellationToken stop;
        }

        """;

    private static readonly string s_cluster = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory.Replace(Path.Combine("tests", "BpTrainer.Examples.Tests"), Path.Combine("examples", "Cluster"))));

    public static TheoryData<string> Pieces =>
        [.. DocsPage.Of("cluster.md").Pieces.Where(piece => !piece.Contains(Tls, StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pieces))]
    public void APieceCompiles(string piece) => PageCompiler.Check(
        $"{Context}public class Example : Piece {{ public async Task Run() {{ await Task.Yield();\n{piece}\n}} }}", s_cluster);
}
