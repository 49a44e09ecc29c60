using BpTrainer.Activations;
using BpTrainer.Losses;
using BpTrainer.Networks;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>
/// Creates the <see cref="OnlineLayer{T}"/>s of a network. The code of each is specialized for the kernel, the width of the blocks, the
/// optimizer and the activation, and is compiled only if a training uses it.
/// </summary>
internal static class OnlineLayers
{
    /// <summary>Creates the first layer, followed by the others and the loss.</summary>
    public static OnlineLayer<T> Create<T>(
        Network<T> network, TrainingOptions options, KernelKind kernel, Workspace<T> work, OptimizerStep<T> step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LayerLayout[] layouts = network.Layouts;
        LossFunction<T> loss = options.Loss.CreateFunction<T>(layouts[^1].Spec);
        OnlineLayer<T> layer = new OnlineLoss<T>(loss, work, layouts[^1], step);
        T biasRateFactor = T.CreateChecked(options.Optimizer.BiasRateFactor);
        for (int k = layouts.Length - 1; k >= 0; k--)
        {
            var place = new OnlinePlace<T>(layouts[k], work, k, hasMatchedLoss: k == layouts.Length - 1 && loss.IsMatched);
            layer = step.Create(new OptimizerFactory<T>(place, biasRateFactor, kernel, loss, layer));
        }

        return layer;
    }

    /// <summary>Adds the type of the optimizer.</summary>
    private sealed class OptimizerFactory<T>(
        OnlinePlace<T> place, T biasRateFactor, KernelKind kernel, LossFunction<T> loss, OnlineLayer<T> next)
        : IOptimizerFactory<T, OnlineLayer<T>>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public OnlineLayer<T> Create<TOptimizer>(ElementwiseStep<T, TOptimizer> step) where TOptimizer : struct, IElementwiseOptimizer<T>
        {
            LayerLayout layout = place.Layout;
            ActivationFunction<T> activation = layout.Spec.Activation.CreateFunction<T>(kernel);
            int length = layout.IsNarrow ? layout.PaddedInputs : layout.PaddedOutputs;
            var update = new OnlineUpdate<T, TOptimizer>(step, place, biasRateFactor);
            return SimdBlock.Create<T, OnlineLayer<T>, SimdFactory<T, TOptimizer>>(
                kernel, length, new(place, activation, update, loss, next));
        }
    }

    /// <summary>Adds the type of the vectors.</summary>
    private readonly struct SimdFactory<T, TOptimizer>(
        OnlinePlace<T> place, ActivationFunction<T> activation, OnlineUpdate<T, TOptimizer> update, LossFunction<T> loss,
        OnlineLayer<T> next)
        : ISimdFactory<T, OnlineLayer<T>>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOptimizer : struct, IElementwiseOptimizer<T>
    {
        public OnlineLayer<T> Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged
        {
            if (!place.Layout.IsNarrow)
            {
                var wide = new WideFactory<TSimd, TVector, T, TOptimizer>(place, update, next);
                return place.IsLast ? wide.Create(default(Identity<T>), activation) : activation.Create(wide);
            }

            OnlineLayer<T>? oneOutput = place is { IsLast: true, Layout.Outputs: 1 }
                ? activation.Create(new OneOutputFactory<TSimd, TVector, T, TOptimizer>(place, update, loss))
                : null;
            return oneOutput ?? new NarrowOnlineLayer<TSimd, TVector, T, TOptimizer>(place, activation, update, next);
        }
    }

    /// <summary>Adds the type of a wide layer's activation.</summary>
    private sealed class WideFactory<TSimd, TVector, T, TOptimizer>(
        OnlinePlace<T> place, OnlineUpdate<T, TOptimizer> update, OnlineLayer<T> next)
        : IElementwiseFactory<T, OnlineLayer<T>>
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOptimizer : struct, IElementwiseOptimizer<T>
    {
        public OnlineLayer<T> Create<TOperator>(TOperator function, ActivationFunction<T>? called)
            where TOperator : struct, IElementwise<T> =>
            new WideOnlineLayer<TSimd, TVector, T, TOperator, TOptimizer>(place, function, called, update, next);
    }

    /// <summary>Adds the type of a single output's activation; the result is null for an activation that is called.</summary>
    private sealed class OneOutputFactory<TSimd, TVector, T, TOptimizer>(
        OnlinePlace<T> place, OnlineUpdate<T, TOptimizer> update, LossFunction<T> loss)
        : IElementwiseFactory<T, OnlineLayer<T>?>
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOptimizer : struct, IElementwiseOptimizer<T>
    {
        public OnlineLayer<T>? Create<TOperator>(TOperator function, ActivationFunction<T>? called)
            where TOperator : struct, IElementwise<T> =>
            called is null ? loss.Create(new LossFactory<TSimd, TVector, T, TOperator, TOptimizer>(place, function, update)) : null;
    }

    /// <summary>Adds the type of the loss.</summary>
    private sealed class LossFactory<TSimd, TVector, T, TOperator, TOptimizer>(
        OnlinePlace<T> place, TOperator function, OnlineUpdate<T, TOptimizer> update)
        : IOutputLossFactory<T, OnlineLayer<T>>
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IElementwise<T>
        where TOptimizer : struct, IElementwiseOptimizer<T>
    {
        public OnlineLayer<T> Create<TLoss>(TLoss loss) where TLoss : struct, IOutputLoss<T> =>
            new OneOutputLayer<TSimd, TVector, T, TOperator, TLoss, TOptimizer>(place, function, loss, update);
    }
}
