using System.Numerics;
using BpTrainer.Data;
using BpTrainer.Files;
using BpTrainer.Kernels;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>One batch from samples to changed weights.</summary>
internal abstract class BatchStep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Learns from the samples order[first .. first + count].</summary>
    /// <returns>The mean loss over these samples, before the update.</returns>
    public abstract double Run(int[] order, int first, int count, T learningRate);

    /// <summary>Does what updates have put off. Called before anyone else reads the weights.</summary>
    public virtual void Finish()
    {
    }

    /// <summary>Writes or reads what goes on from batch to batch, besides the memory of the optimizer.</summary>
    public virtual void SaveOrLoad(CheckpointState state)
    {
    }
}

/// <summary>Makes the step for batches of one sample.</summary>
internal readonly struct SampleStepFactory<T>(
    Network<T> network, TrainingOptions options, KernelKind kernel, BatchSource<T> source, OptimizerStep<T> update) : ISimdFactory<T, BatchStep<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public BatchStep<T> Create<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged => new SampleStep<TSimd, TVector, T>(network, options, kernel, source, update);
}
