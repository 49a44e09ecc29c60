namespace BpTrainer;

/// <summary>Levenberg–Marquardt; see <see cref="LevenbergMarquardtLearner{T}"/>.</summary>
internal sealed record LevenbergMarquardtRule(LevenbergMarquardtFigures Figures) : SolverRule
{
    private protected override string Method => "levenberg-marquardt";

    internal override void Validate() => Figures.Validate();

    internal override void Check(TrainingOptions options)
    {
        base.Check(options);
        Refuse(options.Loss is not SquaredErrorLoss, nameof(options.Loss), options.Loss, $"{Loss.HalfSquaredError} or {Loss.MeanSquaredError}", "which works on squared errors");
    }

    internal override void CheckSize<T>(LayerLayout[] layouts)
    {
        int unknowns = Unknowns.CountOf(layouts);
        long needed = NormalEquations.Bytes(unknowns);
        long limit = Figures.MaximumMemory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        if (needed > limit || !NormalEquations.FitsAnArray(unknowns))
        {
            throw new ArgumentException(
                $"The update rule {Name} needs {needed} bytes ({TrainingMemory.Text(needed)}) for the {unknowns} parameters of this network, but may take {limit} ({TrainingMemory.Text(limit)}), " +
                $"and no matrix of more than {NormalEquations.MostUnknowns} rows. {nameof(Lbfgs)} trains large networks on full batches.",
                nameof(layouts));
        }
    }

    internal override long Bytes<T>(LayerLayout[] layouts) => NormalEquations.Bytes(Unknowns.CountOf(layouts));

    internal override Learner<T> CreateLearner<T>(TrainingParts<T> parts) => new LevenbergMarquardtLearner<T>(parts, Figures);
}
