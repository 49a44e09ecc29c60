using BpTrainer.Activations;
using BpTrainer.Networks;

namespace BpTrainer.Prediction;

/// <summary>A layer for one sample: x·W + b, followed by f if f is a function of one number and can be applied directly.</summary>
internal abstract unsafe class SampleLayer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// With this many units or more, the weights are read along their rows, in the order in which they are stored. They come from the
    /// second-level cache, and a call of the activation takes little time in comparison.
    /// </summary>
    private const int BroadFrom = 128;

    /// <summary>The activation to call after <see cref="Forward"/>; null if that method applies it.</summary>
    public ActivationFunction<T>? Called { get; private init; }

    /// <summary>a = f(x·W + b), or x·W + b. x and a are padded with zeros.</summary>
    public abstract void Forward(T* parameters, T* x, T* a);

    /// <summary>Creates a layer; with <paramref name="isApart"/>, its activation is called separately.</summary>
    public static SampleLayer<T> Create(LayerLayout layout, ActivationFunction<T> activation, bool isApart, KernelKind kernel)
    {
        bool isLinear = layout.Spec.Activation == Activation.Linear;
        if (layout.PaddedOutputs >= BroadFrom)
        {
            return new Broad(layout, kernel) { Called = isLinear ? null : activation };
        }

        return layout.IsNarrow
            ? SimdBlock.Create<T, SampleLayer<T>, NarrowFactory>(kernel, layout.PaddedInputs, new(layout, isLinear ? null : activation))
            : SimdBlock.Create<T, SampleLayer<T>, WideFactory>(kernel, layout.PaddedOutputs, new(layout, activation, isApart && !isLinear));
    }

    private readonly struct NarrowFactory(LayerLayout layout, ActivationFunction<T>? called) : ISimdFactory<T, SampleLayer<T>>
    {
        public SampleLayer<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged =>
            new Narrow<TSimd, TVector>(layout) { Called = called };
    }

    private readonly struct WideFactory(LayerLayout layout, ActivationFunction<T> activation, bool isApart)
        : ISimdFactory<T, SampleLayer<T>>
    {
        public SampleLayer<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged
        {
            var factory = new ActivationFactory<TSimd, TVector>(layout);
            return isApart ? factory.Create(default(Identity<T>), activation) : activation.Create(factory);
        }
    }

    private sealed class ActivationFactory<TSimd, TVector>(LayerLayout layout) : IElementwiseFactory<T, SampleLayer<T>>
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
    {
        public SampleLayer<T> Create<TOperator>(TOperator function, ActivationFunction<T>? called)
            where TOperator : struct, IElementwise<T> =>
            new Wide<TSimd, TVector, TOperator>(layout, function) { Called = called };
    }

    private sealed class Narrow<TSimd, TVector>(LayerLayout layout) : SampleLayer<T>
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(T* parameters, T* x, T* a)
        {
            SampleForward<TSimd, TVector, T>.Narrow(layout, parameters, x, a);
            for (int o = layout.Outputs; o < layout.OutputStride; o++)
            {
                a[o] = T.Zero;
            }
        }
    }

    private sealed class Broad(LayerLayout layout, KernelKind kernel) : SampleLayer<T>
    {
        private readonly MatrixKernel<T> _kernel = Kernel.CreateMatrixKernel<T>(kernel);

        public override void Forward(T* parameters, T* x, T* a) => _kernel.Multiply(
            x, 0, 1, parameters + layout.WeightOffset, layout.RowStride, a, 0, parameters + layout.BiasOffset, 0, 1, layout.PaddedOutputs,
            layout.DenseInputs);
    }

    private sealed class Wide<TSimd, TVector, TOperator>(LayerLayout layout, TOperator function) : SampleLayer<T>
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where TOperator : struct, IElementwise<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(T* parameters, T* x, T* a) =>
            SampleForward<TSimd, TVector, T>.Wide(layout, function, parameters, x, a);
    }
}
