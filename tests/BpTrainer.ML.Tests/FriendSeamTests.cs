using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using BpTrainer.ML.Friend;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>
/// The internal members of ML.NET that our assembly uses are in the version that it runs with, and other versions are refused.
/// </summary>
public class FriendSeamTests
{
    private const BindingFlags Any =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void EveryMemberOfMicrosoftMLThatWeUseIsThere()
    {
        string path = typeof(BackPropagationTransformer<>).Assembly.Location;
        using var image = new PEReader(File.OpenRead(path));
        MetadataReader metadata = image.GetMetadataReader();
        var hidden = new SortedSet<string>(StringComparer.Ordinal);

        foreach (TypeReferenceHandle handle in metadata.TypeReferences)
        {
            if (FindType(metadata, handle) is { IsVisible: false } type)
            {
                hidden.Add(type.FullName!);
            }
        }

        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            MemberReference reference = metadata.GetMemberReference(handle);
            if (DeclaringType(metadata, reference.Parent) is Type type)
            {
                string name = metadata.GetString(reference.Name);
                int parameters = reference.GetKind() == MemberReferenceKind.Method ? ParameterCount(metadata, reference) : -1;
                MemberInfo? member = Array.Find(
                    type.GetMembers(Any),
                    m => m.Name == name && (m is MethodBase method ? method.GetParameters().Length : -1) == parameters);
                Assert.True(member is not null, $"{type.FullName} has no {name} with {parameters} parameters");
                if (!type.IsVisible || IsHidden(member))
                {
                    hidden.Add($"{type.FullName}.{name}");
                }
            }
        }

        // The list is not empty, or the test looks in the wrong place; these are the reason for the seam.
        Assert.Contains("Microsoft.ML.ModelSaveContext.SetVersionInfo", hidden);
        Assert.Contains(
            "Microsoft.ML.LoadableClassAttribute", hidden.Select(name => name.Replace("Runtime.", "", StringComparison.Ordinal)));
        Assert.Contains(hidden, name => name.StartsWith("Microsoft.ML.Trainers.TrainerEstimatorBase", StringComparison.Ordinal));
        Assert.InRange(hidden.Count, 30, 400);
    }

    [Theory]
    [InlineData("4.0.2")]
    [InlineData("5.0.0")]
    [InlineData("6.0.0")]
    [InlineData("6.0.0-preview.1")]
    [InlineData("7.1.0+abc")]
    public void AVersionOutsideTheRangeIsRefusedWithBothVersions(string version)
    {
        Version found = MicrosoftMLVersion.Parse(version)!;
        var error = Assert.Throws<NotSupportedException>(() => MicrosoftMLVersion.Check(found));
        Assert.Contains($"Microsoft.ML {found} was loaded", error.Message, StringComparison.Ordinal);
        Assert.Contains("from 5.0.1 up to, not including, 6.0.0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5.0.1")]
    [InlineData("5.9.1-preview")]
    public void AVersionOfTheRangeIsNot(string version) => MicrosoftMLVersion.Check(MicrosoftMLVersion.Parse(version));

    [Fact]
    public void TheLoadedVersionCanBeRead()
    {
        var attribute = typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        Version version = Assert.IsType<Version>(MicrosoftMLVersion.Parse(attribute?.InformationalVersion));
        Assert.InRange(version, MicrosoftMLVersion.Lowest, MicrosoftMLVersion.Limit);
        MicrosoftMLVersion.Check();
    }

    private static bool IsHidden(MemberInfo member) => member switch
    {
        MethodBase method => !method.IsPublic && !method.IsFamily && !method.IsFamilyOrAssembly,
        FieldInfo field => !field.IsPublic && !field.IsFamily && !field.IsFamilyOrAssembly,
        _ => false,
    };

    private static int ParameterCount(MetadataReader metadata, MemberReference reference)
    {
        BlobReader signature = metadata.GetBlobReader(reference.Signature);
        SignatureHeader header = signature.ReadSignatureHeader();
        if (header.IsGeneric)
        {
            signature.ReadCompressedInteger();
        }

        return signature.ReadCompressedInteger();
    }

    /// <summary>The type of Microsoft.ML that declares a member; null for types of others.</summary>
    private static Type? DeclaringType(MetadataReader metadata, EntityHandle parent)
    {
        switch (parent.Kind)
        {
            case HandleKind.TypeReference:
                return FindType(metadata, (TypeReferenceHandle)parent);
            case HandleKind.TypeSpecification:
                // GENERICINST (0x15), CLASS or VALUETYPE, the open type.
                BlobReader blob = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
                if (blob.ReadByte() != 0x15)
                {
                    return null;
                }

                blob.ReadByte();
                return blob.ReadTypeHandle() is { Kind: HandleKind.TypeReference } open
                    ? FindType(metadata, (TypeReferenceHandle)open)
                    : null;
            default:
                return null;
        }
    }

    private static Type? FindType(MetadataReader metadata, TypeReferenceHandle handle)
    {
        TypeReference reference = metadata.GetTypeReference(handle);
        string name = metadata.GetString(reference.Name);
        switch (reference.ResolutionScope.Kind)
        {
            case HandleKind.TypeReference:
                return FindType(metadata, (TypeReferenceHandle)reference.ResolutionScope) is Type outer
                    ? outer.GetNestedType(name, Any) ?? throw new TypeLoadException($"{outer.FullName} has no nested type {name}.")
                    : null;
            case HandleKind.AssemblyReference:
                string assembly = metadata.GetString(
                    metadata.GetAssemblyReference((AssemblyReferenceHandle)reference.ResolutionScope).Name);
                return assembly.StartsWith("Microsoft.ML", StringComparison.Ordinal)
                    ? Assembly.Load(assembly).GetType($"{metadata.GetString(reference.Namespace)}.{name}", throwOnError: true)
                    : null;
            default:
                return null;
        }
    }
}
