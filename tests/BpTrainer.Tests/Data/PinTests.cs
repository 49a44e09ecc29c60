using System.Buffers;
using System.Runtime.InteropServices;
using BpTrainer.Data;

namespace BpTrainer.Tests.Data;

/// <summary>
/// The user's memory is pinned while a training runs, and let go of in the end, also when the training does not come about.
/// </summary>
public class PinTests
{
    private const int Rows = 20, Inputs = 2;

    [Fact]
    public void ATrainingLetsGoOfTheMemory()
    {
        using var memory = new CountedMemory(Rows * Inputs);
        int during = 0;
        Network().Train(new TrainingOptions { Epochs = 1 }, Data(memory), Data(memory), onEpoch: _ => during = memory.Pins);
        Assert.True(during > 0);
        Assert.Equal(0, memory.Pins);
    }

    [Fact]
    public void ATrainingThatCannotBeginLetsGoOfTheData()
    {
        // The state is that of a larger network, which shows when the data are pinned.
        using var memory = new CountedMemory(Rows * Inputs);
        var options = new TrainingOptions { Epochs = 1, KeepOptimizerState = true };
        var larger = new NetworkTrainer<float>(
            new NetworkBuilder(Inputs).Add(99, Activation.Linear).Add(1, Activation.Linear).Build<float>(), options);
        OptimizerState? state = larger.Train(Data(memory)).OptimizerState;
        var trainer = new NetworkTrainer<float>(Network(), options, state);
        Assert.Throws<ArgumentException>(() => trainer.Train(Data(memory), Data(memory)));
        Assert.Equal(0, memory.Pins);
    }

    [Fact]
    public void DisposedTwiceAMatrixLetsGoOnce()
    {
        using var memory = new CountedMemory(Rows * Inputs);
        using MemoryHandle other = memory.Pin();
        var matrix = new PinnedMatrix<float>([memory.Memory, memory.Memory], Rows, Inputs);
        Assert.Equal(3, memory.Pins);
        matrix.Dispose();
        matrix.Dispose();
        Assert.Equal(1, memory.Pins);
    }

    private static Network<float> Network() => new NetworkBuilder(Inputs).Add(1, Activation.Linear).Build<float>();

    private static DataSet<float> Data(CountedMemory memory) => new(memory.Memory, Inputs, new float[Rows], 1);

    /// <summary>An array that counts how often it is pinned at the moment.</summary>
    private sealed unsafe class CountedMemory(int length) : MemoryManager<float>
    {
        private readonly float[] _values = GC.AllocateArray<float>(length, pinned: true);

        public int Pins { get; private set; }

        public override Span<float> GetSpan() => _values;

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            Pins++;
            return new MemoryHandle(Marshal.UnsafeAddrOfPinnedArrayElement(_values, elementIndex).ToPointer(), pinnable: this);
        }

        public override void Unpin() => Pins--;

        protected override void Dispose(bool disposing)
        {
        }
    }
}
