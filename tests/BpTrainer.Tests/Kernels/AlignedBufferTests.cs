using System.Reflection;
using BpTrainer.Kernels;

namespace BpTrainer.Tests.Kernels;

/// <summary>A pointer into a buffer is had by <c>fixed</c> alone, and nothing on the heap holds one.</summary>
public unsafe class AlignedBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(1000)]
    public void ItBeginsOnABoundaryAndHasZerosUpToWholeVectors(int length)
    {
        var buffer = new AlignedBuffer<float>(length);
        fixed (float* p = buffer)
        {
            Assert.Equal(0u, (nuint)p % AlignedBuffer<float>.Alignment);
            Assert.All(new ReadOnlySpan<float>(p, AlignedBuffer<float>.Pad(length)).ToArray(), value => Assert.Equal(0, value));
            buffer.Span.Fill(7);
            Assert.All(new ReadOnlySpan<float>(p, length).ToArray(), value => Assert.Equal(7, value));
        }
    }

    [Fact]
    public void APointerToNullIsNull()
    {
        AlignedBuffer<double>? none = null;
        fixed (double* p = none)
        {
            Assert.True(p is null);
        }
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 16)]
    [InlineData(3, 0)]
    [InlineData(3, 21)]
    public void BuffersInARowLieWholeVectorsApart(int count, int length)
    {
        AlignedBuffer<double>[] buffers = AlignedBuffer<double>.InARow(count, length);
        Assert.Equal(count, buffers.Length);
        for (int k = 0; k < count; k++)
        {
            buffers[k].Span.Fill(k + 1);
            fixed (double* first = buffers[0], p = buffers[k])
            {
                Assert.Equal(k * AlignedBuffer<double>.Pad(length), p - first);
            }
        }

        Assert.All(buffers, buffer => Assert.Equal(length, buffer.Length));
        Assert.All(buffers.Index(), pair => Assert.All(pair.Item.Span.ToArray(), value => Assert.Equal(pair.Index + 1, value)));
    }

    [Fact]
    public void PinnedMemoryOutlivesItsBuffer()
    {
        fixed (float* p = Filled(1 << 20))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
            Assert.Equal(3, p[(1 << 20) - 1]);
        }

        static AlignedBuffer<float> Filled(int length)
        {
            var buffer = new AlignedBuffer<float>(length);
            buffer.Span.Fill(3);
            return buffer;
        }
    }

    [Fact]
    public void NothingOnTheHeapHoldsAPointer()
    {
        const BindingFlags All =
            BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        IEnumerable<string> holders =
            from type in typeof(AlignedBuffer<>).Assembly.GetTypes()
            where !type.IsByRefLike
            from field in type.GetFields(All)
            where IsPointer(field.FieldType)
            select $"{type}.{field.Name}";
        Assert.Empty(holders);
        Assert.True(IsPointer(typeof(float*[][])));

        static bool IsPointer(Type type) => type.IsPointer || type.IsFunctionPointer || (type.IsArray && IsPointer(type.GetElementType()!));
    }
}
