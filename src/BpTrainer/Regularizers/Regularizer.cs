using BpTrainer.Networks;

namespace BpTrainer.Regularizers;

/// <summary>Applies a <see cref="Regularization"/> to parts of the parameters and their gradients. Parts are whole vectors.</summary>
internal sealed unsafe class Regularizer<T>(Regularization options, KernelKind kernel) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RowKernel<T> _kernel = RowKernel<T>.Create(kernel);
    private readonly T _l1 = T.CreateChecked(options.L1);
    private readonly T _l2 = T.CreateChecked(options.L2);
    private readonly T _decay = T.CreateChecked(options.WeightDecay);
    private readonly T? _clipValue = options.ClipValue is { } value ? T.CreateChecked(value) : null;
    private readonly double? _clipNorm = options.ClipNorm;
    private readonly double? _maxNorm = options.MaxNorm;

    /// <summary>Whether the gradient of all parameters must be known before any of them changes.</summary>
    public bool NeedsWholeGradient => _clipNorm is not null;

    /// <summary>Whether weights are bounded after an update.</summary>
    public bool BoundsNorms => _maxNorm is not null;

    /// <summary>Adds the gradient of the penalties for weights, and limits elements that are too large.</summary>
    public void AdaptGradient(T* parameters, T* gradient, ParameterPart part)
    {
        if (part.Kind == ParameterKind.Weights && (_l1 != T.Zero || _l2 != T.Zero))
        {
            _kernel.AddPenaltyGradient(gradient, parameters, _l1, _l2, part.Length);
        }

        if (_clipValue is { } bound)
        {
            _kernel.Clip(gradient, bound, part.Length);
        }
    }

    /// <summary>The factor that scales a gradient with this sum of squares to the allowed norm; 1 if its norm is not larger.</summary>
    public T ClipFactor(double sumOfSquares)
    {
        double norm = Math.Sqrt(sumOfSquares);
        return norm > _clipNorm ? T.CreateTruncating(_clipNorm.Value / norm) : T.One;
    }

    public void Scale(T* gradient, int length, T factor) => _kernel.Scale(gradient, factor, length);

    /// <summary>w ← w − η·decay·w for weights.</summary>
    public void Decay(T* parameters, ParameterPart part, T learningRate)
    {
        if (part.Kind == ParameterKind.Weights && _decay != T.Zero)
        {
            _kernel.Scale(parameters, T.One - (learningRate * _decay), part.Length);
        }
    }

    /// <summary>Scales down the weights into every unit of a layer whose norm is above the bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void BoundNorms(T* weights, LayerLayout layout)
    {
        for (int o = 0; o < layout.Outputs; o++)
        {
            T* first = weights + (layout.IsNarrow ? o * (nint)layout.RowStride : o);
            nint stride = layout.IsNarrow ? 1 : layout.RowStride;
            int weightsOfUnit = layout.IsNarrow ? layout.Inputs : layout.Rows;
            double sum = 0;
            for (int i = 0; i < weightsOfUnit; i++)
            {
                double w = double.CreateTruncating(first[i * stride]);
                sum += w * w;
            }

            double norm = Math.Sqrt(sum);
            if (norm > _maxNorm)
            {
                T factor = T.CreateTruncating(_maxNorm.Value / norm);
                for (int i = 0; i < weightsOfUnit; i++)
                {
                    first[i * stride] *= factor;
                }
            }
        }
    }
}
