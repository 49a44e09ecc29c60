namespace BpTrainer.Activations;

/// <summary>
/// An activation and its derivative for the rows of a matrix in padded storage. One virtual call handles a whole block of rows.
/// </summary>
/// <remarks>
/// Most derivatives are functions of the output and need no memory. The others need a value that only the forward pass knows; it writes the
/// value to a forward cache with the shape of the outputs.
/// </remarks>
internal abstract unsafe class ActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether <see cref="MultiplyByDerivative"/> needs the cache that <see cref="Apply"/> fills.</summary>
    public virtual bool NeedsCache => false;

    /// <summary>
    /// values ← f(values) for rows × columns. The padding from columns to stride must be 0 before and is 0 afterwards. The slopes, padded
    /// with zeros, are read only by functions that learn them. The cache has the layout of the values and receives what the derivative
    /// needs; null if no derivative will be needed.
    /// </summary>
    public abstract void Apply(T* values, T* slopes, T* cache, int rows, int columns, nint stride);

    /// <summary>
    /// delta ← delta · ∂a/∂z, where delta holds ∂L/∂a and outputs holds a. A function with learned slopes also replaces the cache by the
    /// contribution of each sample to the gradient of each slope.
    /// </summary>
    public abstract void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* cache, int rows, int columns, nint stride);

    /// <summary>
    /// Creates an object whose code contains the function if it is a function of one number, otherwise an object that calls this one.
    /// </summary>
    public virtual TResult Create<TResult>(IElementwiseFactory<T, TResult> factory) => factory.Create(default(Identity<T>), called: this);
}

/// <summary>Creates an object whose code is generic over an activation.</summary>
internal interface IElementwiseFactory<T, out TResult> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <param name="function">The function, or the identity.</param>
    /// <param name="called">What to call after the function; null for nothing.</param>
    TResult Create<TOperator>(TOperator function, ActivationFunction<T>? called) where TOperator : struct, IElementwise<T>;
}
