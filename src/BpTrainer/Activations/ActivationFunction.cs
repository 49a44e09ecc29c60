namespace BpTrainer.Activations;

/// <summary>
/// An activation and its derivative on the rows of a matrix in padded storage. One virtual call serves a whole block of rows.
/// </summary>
/// <remarks>
/// Most derivatives are functions of the output, and cost no memory. The others need something that only the forward pass knows: it writes
/// that to a forward cache of the shape of the outputs.
/// </remarks>
internal abstract unsafe class ActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether <see cref="MultiplyByDerivative"/> needs the cache that <see cref="Apply"/> fills.</summary>
    public virtual bool NeedsCache => false;

    /// <summary>
    /// values ← f(values) for rows × columns. The padding from columns to stride must be 0 before, and is 0 after. The slopes, padded with
    /// zeros, are read only by functions that learn them. The cache, laid out as the values, receives what the derivative needs; null where
    /// no derivative will be asked for.
    /// </summary>
    public abstract void Apply(T* values, T* slopes, T* cache, int rows, int columns, nint stride);

    /// <summary>
    /// delta ← delta · ∂a/∂z, where delta holds ∂L/∂a and outputs a. A function with learned slopes also replaces the cache by the share of
    /// each sample in the gradient of each slope.
    /// </summary>
    public abstract void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* cache, int rows, int columns, nint stride);

    /// <summary>
    /// Makes something that has the function in its code where that is a function of one number, else something that calls this object.
    /// </summary>
    public virtual TResult Create<TResult>(IElementwiseFactory<T, TResult> factory) => factory.Create(default(Identity<T>), called: this);
}

/// <summary>Makes an object whose code is generic over an activation.</summary>
internal interface IElementwiseFactory<T, out TResult> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <param name="function">The function, or the identity.</param>
    /// <param name="called">What is called behind the function; null for nothing.</param>
    TResult Create<TOperator>(TOperator function, ActivationFunction<T>? called) where TOperator : struct, IElementwise<T>;
}
