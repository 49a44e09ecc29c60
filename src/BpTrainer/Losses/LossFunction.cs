namespace BpTrainer.Losses;

/// <summary>A loss and its derivative, for the rows of a batch.</summary>
internal abstract unsafe class LossFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Whether <see cref="Evaluate(in LossRows{T})"/> computes ∂L/∂z, the error term of the net input, instead of ∂L/∂a. This is so for
    /// matched pairs (linear and squares, exponential and Poisson, logistic and binary cross-entropy, softmax and categorical
    /// cross-entropy), where ∂L/∂z = a − y, and for every loss after a linear output, where both are the same.
    /// </summary>
    public abstract bool IsMatched { get; }

    /// <summary>Computes the loss of every row and its derivative, both multiplied by the factor of the row.</summary>
    public abstract void Evaluate(in LossRows<T> rows);

    /// <summary>Creates an object whose code contains the loss; null for a loss that is not a sum over single outputs.</summary>
    public virtual TResult? Create<TResult>(IOutputLossFactory<T, TResult> factory) where TResult : class => null;
}

/// <summary>The rows of a batch for a loss. It lives only on the stack, inside the <c>fixed</c> statement of its pointers.</summary>
internal unsafe ref struct LossRows<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // z and a = f(z) of the output layer, and what receives ∂L/∂z or ∂L/∂a: rows × columns, Stride apart.
    public T* NetInput;
    public T* Output;
    public T* Delta;

    /// <summary>y: rows × columns without padding.</summary>
    public T* Target;

    /// <summary>The factor of the loss and the derivative of each row.</summary>
    public T* Factor;

    /// <summary>Receives the loss of each row.</summary>
    public T* Loss;

    public nint Stride;
    public int Rows;
    public int Columns;
}

/// <summary>A loss of one sample with m = columns outputs. The struct holds the parameters of the loss.</summary>
internal unsafe interface IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Writes ∂L/∂z, or ∂L/∂a for a pair that is not matched, and returns L.</summary>
    T Evaluate(T* netInput, T* output, T* target, T* delta, int columns);
}

/// <summary>Applies a loss to the rows of a batch.</summary>
internal unsafe class LossFunction<T, TRow>(TRow parameters, bool isMatched) : LossFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRow : struct, IRowLoss<T>
{
    public override bool IsMatched { get; } = isMatched;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Evaluate(in LossRows<T> rows)
    {
        TRow loss = parameters;
        T* z = rows.NetInput;
        T* a = rows.Output;
        T* y = rows.Target;
        T* delta = rows.Delta;
        int columns = rows.Columns;
        for (int row = 0; row < rows.Rows; row++)
        {
            T factor = rows.Factor[row];
            rows.Loss[row] = loss.Evaluate(z, a, y, delta, columns) * factor;
            for (int c = 0; c < columns; c++)
            {
                delta[c] *= factor;
            }

            z += rows.Stride;
            a += rows.Stride;
            delta += rows.Stride;
            y += columns;
        }
    }
}

/// <summary>A loss of one output. The struct holds the parameters of the loss.</summary>
internal interface IOutputLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>L of the net input z, the output a and the target y; ∂L/∂z, or ∂L/∂a for a pair that is not matched.</summary>
    T Evaluate(T z, T a, T y, out T delta);
}

/// <summary>The sum of the losses of the outputs.</summary>
internal readonly unsafe struct OutputSum<T, TLoss>(TLoss parameters) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLoss : struct, IOutputLoss<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
    {
        TLoss loss = parameters;
        T sum = T.Zero;
        for (int c = 0; c < columns; c++)
        {
            sum += loss.Evaluate(netInput[c], output[c], target[c], out delta[c]);
        }

        return sum;
    }
}

/// <summary>Applies a loss that is the sum of the losses of the outputs to the rows of a batch.</summary>
internal sealed class OutputLossFunction<T, TLoss>(TLoss parameters, bool isMatched)
    : LossFunction<T, OutputSum<T, TLoss>>(new(parameters), isMatched)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLoss : struct, IOutputLoss<T>
{
    public override TResult Create<TResult>(IOutputLossFactory<T, TResult> factory) => factory.Create(parameters);
}

/// <summary>Creates an object whose code is generic over a loss.</summary>
internal interface IOutputLossFactory<T, out TResult> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TResult Create<TLoss>(TLoss loss) where TLoss : struct, IOutputLoss<T>;
}

/// <summary>Moves outputs that were rounded to a limit of their range to where logarithms are finite. NaN stays NaN.</summary>
internal static class Rounding
{
    /// <summary>Moves 0 and 1 inwards by the machine epsilon of T.</summary>
    public static T KeepProbability<T>(T a) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.Min(T.Max(a, Epsilon<T>()), T.One - Epsilon<T>());

    /// <summary>Moves 0 up by the machine epsilon of T.</summary>
    public static T KeepPositive<T>(T a) where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.Max(a, Epsilon<T>());

    private static T Epsilon<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.BitIncrement(T.One) - T.One;
}
