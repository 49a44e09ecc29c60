using System.Numerics;

namespace BpTrainer;

/// <summary>What an element-wise activation has to say: its value, and its derivative in terms of that value.</summary>
internal interface IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract T Value(T z);

    static abstract T DerivativeFromOutput(T a);
}

/// <summary>Drives an element-wise activation over a matrix.</summary>
internal sealed unsafe class ElementwiseFunction<T, TOperator> : ActivationFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOperator : struct, IElementwise<T>
{
    public override void Apply(T* values, int rows, int columns, nint stride)
    {
        for (int row = 0; row < rows; row++, values += stride)
        {
            for (int c = 0; c < columns; c++)
            {
                values[c] = TOperator.Value(values[c]);
            }

            new Span<T>(values + columns, (int)stride - columns).Clear();
        }
    }

    public override void MultiplyByDerivative(T* delta, T* outputs, int rows, int columns, nint stride)
    {
        for (int row = 0; row < rows; row++, delta += stride, outputs += stride)
        {
            for (int c = 0; c < columns; c++)
            {
                delta[c] *= TOperator.DerivativeFromOutput(outputs[c]);
            }
        }
    }
}
