using System.Buffers;

namespace BpTrainer.Tests.Stopping;

/// <summary>Memory that tells when somebody looks at it: the engine does once a batch.</summary>
internal sealed class WatchedMemory(float[] values, Action onRead) : MemoryManager<float>
{
    public override Span<float> GetSpan()
    {
        onRead();
        return values;
    }

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("No test pins this memory.");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
