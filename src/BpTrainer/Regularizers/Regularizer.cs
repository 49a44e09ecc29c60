using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Networks;
using BpTrainer.Threads;

namespace BpTrainer.Regularizers;

/// <summary>A <see cref="Regularization"/> at work on parts of the parameters and their gradients. Parts are whole vectors.</summary>
internal sealed unsafe class Regularizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _l1;
    private readonly T _l2;
    private readonly T _decay;
    private readonly T? _clipValue;
    private readonly double? _clipNorm;
    private readonly double? _maxNorm;

    public Regularizer(Regularization options)
    {
        _l1 = T.CreateChecked(options.L1);
        _l2 = T.CreateChecked(options.L2);
        _decay = T.CreateChecked(options.WeightDecay);
        _clipValue = options.ClipValue is { } value ? T.CreateChecked(value) : null;
        _clipNorm = options.ClipNorm;
        _maxNorm = options.MaxNorm;
    }

    /// <summary>Whether the gradient of all parameters must be known before the first of them changes.</summary>
    public bool NeedsWholeGradient => _clipNorm is not null;

    /// <summary>Whether weights are bounded after an update.</summary>
    public bool BoundsNorms => _maxNorm is not null;

    /// <summary>Adds the gradient of the penalties for weights, and cuts off what is too large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AdaptGradient(T* parameters, T* gradient, ParameterPart part)
    {
        if (part.Kind == ParameterKind.Weights && (_l1 != T.Zero || _l2 != T.Zero))
        {
            var l1 = new Vector<T>(_l1);
            var l2 = new Vector<T>(_l2);
            for (int i = 0; i < part.Length; i += Vector<T>.Count)
            {
                Vector<T> w = Vector.Load(parameters + i);
                Vector<T> sign = Vector.ConditionalSelect(Vector.Equals(w, Vector<T>.Zero), Vector<T>.Zero, Vector.CopySign(l1, w));
                Vector.Store(Vector.Load(gradient + i) + (l2 * w) + sign, gradient + i);
            }
        }

        if (_clipValue is { } bound)
        {
            var high = new Vector<T>(bound);
            for (int i = 0; i < part.Length; i += Vector<T>.Count)
            {
                Vector.Store(Vector.Min(Vector.Max(Vector.Load(gradient + i), -high), high), gradient + i);
            }
        }
    }

    /// <summary>Σg² of a part, in double and in the order of memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(T* gradient, int length)
    {
        double sum = 0;
        for (int i = 0; i < length; i++)
        {
            double g = double.CreateTruncating(gradient[i]);
            sum += g * g;
        }

        return sum;
    }

    /// <summary>The factor that takes a gradient with this sum of squares to the norm allowed; 1 if it is within.</summary>
    public T ClipFactor(double sumOfSquares)
    {
        double norm = Math.Sqrt(sumOfSquares);
        return norm > _clipNorm ? T.CreateTruncating(_clipNorm.Value / norm) : T.One;
    }

    /// <summary>values ← factor · values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(T* values, int length, T factor)
    {
        for (int i = 0; i < length; i += Vector<T>.Count)
        {
            Vector.Store(Vector.Load(values + i) * factor, values + i);
        }
    }

    /// <summary>w ← w − η·decay·w for weights.</summary>
    public void Decay(T* parameters, ParameterPart part, T learningRate)
    {
        if (part.Kind == ParameterKind.Weights && _decay != T.Zero)
        {
            Scale(parameters, part.Length, T.One - (learningRate * _decay));
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
            double sum = 0;
            for (int i = 0; i < layout.Inputs; i++)
            {
                double w = double.CreateTruncating(first[i * stride]);
                sum += w * w;
            }

            double norm = Math.Sqrt(sum);
            if (norm > _maxNorm)
            {
                T factor = T.CreateTruncating(_maxNorm.Value / norm);
                for (int i = 0; i < layout.Inputs; i++)
                {
                    first[i * stride] *= factor;
                }
            }
        }
    }
}
