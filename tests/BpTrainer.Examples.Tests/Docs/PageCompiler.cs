using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BpTrainer.Examples.Tests.Docs;

/// <summary>
/// Compiles programs of the documentation as <c>dotnet new console</c> or <c>dotnet new web</c> would, with the assemblies of these tests.
/// </summary>
internal static class PageCompiler
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    /// <summary>Compiles a program, which must give no warning.</summary>
    /// <param name="assembly">The path of the assembly.</param>
    /// <param name="program">The source.</param>
    public static void Compile(string assembly, string program)
    {
        CSharpCompilation compilation = Compilation(Path.GetFileNameWithoutExtension(assembly), OutputKind.ConsoleApplication, program);
        Check(compilation.Emit(assembly).Diagnostics);
    }

    /// <summary>Makes sure that types compile.</summary>
    /// <param name="types">The source.</param>
    /// <param name="folder">A folder with assemblies that they need besides.</param>
    public static void Check(string types, string folder) =>
        Check(Compilation("types", OutputKind.DynamicallyLinkedLibrary, types, Directory.GetFiles(folder, "*.dll")).GetDiagnostics());

    private static void Check(IEnumerable<Diagnostic> diagnostics) =>
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);

    private static CSharpCompilation Compilation(string name, OutputKind kind, string source, params string[] more)
    {
        string[] assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        return CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(ImplicitUsings)],
            assemblies.Concat(more).DistinctBy(Path.GetFileName).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                kind, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
    }
}
