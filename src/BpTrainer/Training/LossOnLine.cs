using BpTrainer.Networks;
using static BpTrainer.Optimizers.ParameterVector;

namespace BpTrainer.Training;

/// <summary>
/// The loss over all samples and its gradient, at the current parameters of a network and at points w + α p along a direction p. Penalties
/// are part of the gradient.
/// </summary>
internal sealed class LossOnLine<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingParts<T> _parts;
    private readonly WholeGradient<T> _gradient;

    /// <summary>The layers with a shared bias. It is one parameter: the search changes the first copy, and the others follow it.</summary>
    private readonly LayerLayout[] _sharedBiases;

    private CancellationToken _cancellationToken;

    public LossOnLine(TrainingParts<T> parts)
    {
        _parts = parts;
        _gradient = parts.CreateGradient(parts.Options.Regularization);
        _sharedBiases = Array.FindAll(parts.Network.Layouts, layout => layout.Spec.Bias == BiasKind.Shared);
        ParametersBefore = new AlignedBuffer<T>(Parameters.Length);
        GradientBefore = new AlignedBuffer<T>(Parameters.Length);
    }

    public AlignedBuffer<T> Parameters => _parts.Network.Parameters;

    /// <summary>The gradient at the point where the loss was last measured.</summary>
    public AlignedBuffer<T> Gradient => _gradient.Whole;

    /// <summary>w, where the line starts.</summary>
    public AlignedBuffer<T> ParametersBefore { get; }

    /// <summary>The gradient at w.</summary>
    public AlignedBuffer<T> GradientBefore { get; }

    /// <summary>The penalties of the current parameters.</summary>
    public double Penalty => _parts.Options.Regularization.Penalty(_parts.Network);

    /// <summary>Loads the samples into memory for an epoch; false if cancelled.</summary>
    public bool Load(CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        return _gradient.Load(cancellationToken);
    }

    /// <summary>Measures the loss with the current parameters, without penalties. Returns NaN at once if cancelled.</summary>
    public double Measure()
    {
        double loss = _gradient.Run(_cancellationToken);
        foreach (LayerLayout layout in _sharedBiases)
        {
            Gradient.Span.Slice(layout.BiasOffset + 1, layout.Outputs - 1).Clear();
        }

        return loss;
    }

    /// <summary>Starts a line at the current parameters, where the loss has been measured.</summary>
    public void Start()
    {
        Parameters.Span.CopyTo(ParametersBefore.Span);
        Gradient.Span.CopyTo(GradientBefore.Span);
    }

    /// <summary>Moves the parameters to w + step · direction, and measures the loss there.</summary>
    public double MoveTo(double step, AlignedBuffer<T> direction)
    {
        Span<T> parameters = Parameters.Span;
        ParametersBefore.Span.CopyTo(parameters);
        Combine(Parameters, step, direction, 1);
        foreach (LayerLayout layout in _sharedBiases)
        {
            parameters.Slice(layout.BiasOffset, layout.Outputs).Fill(parameters[layout.BiasOffset]);
        }

        _parts.BackPropagation.RefreshTransposed();
        return Measure();
    }

    /// <summary>Moves back to the start of the line.</summary>
    public void Return()
    {
        ParametersBefore.Span.CopyTo(Parameters.Span);
        GradientBefore.Span.CopyTo(Gradient.Span);
        _parts.BackPropagation.RefreshTransposed();
    }
}
