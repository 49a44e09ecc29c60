using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>Takes the gradient of a batch down and changes nothing.</summary>
internal sealed unsafe class GradientCollector<T>(int parameters) : UpdateStep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>∂E/∂w, laid out as the parameters are.</summary>
    public AlignedBuffer<T> Gradient { get; } = new(parameters);

    public override IReadOnlyList<AlignedBuffer<T>> Memory => [Gradient];

    public override double[] Numbers => [];

    public override void Begin(double loss)
    {
    }

    public override void Apply(T* parameters, T* gradient, T* memory, int first, int count, T learningRate) =>
        new Span<T>(gradient, count).CopyTo(Gradient.Span.Slice(first, count));

    public override void ApplyOuterProduct(T* parameters, T* memory, int first, T* factors, int rows, T* vector, int columns, T learningRate)
    {
        Span<T> matrix = Gradient.Span.Slice(first, rows * columns);
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = factors[i / columns] * vector[i % columns];
        }
    }

    public override void Reset() => Gradient.Span.Clear();
}
