using BpTrainer.Numbers;

namespace BpTrainer.ML;

/// <summary>How the number of units of the only hidden layer is found, once the data is known.</summary>
internal abstract record UnitChoice
{
    /// <summary>The number of units, or its maximum.</summary>
    public abstract int Most(int inputs, int outputs);

    /// <summary>Throws the engine's exception for a value that is out of its range.</summary>
    public virtual void Check() => Most(inputs: 1, outputs: 1);
}

/// <summary>√(n + m) + a units.</summary>
internal sealed record UnitRule(int Addend) : UnitChoice
{
    public override int Most(int inputs, int outputs) => HiddenSizes.ByRule(inputs, outputs, Addend);

    public override string ToString() => $"Rule({Addend})";
}

/// <summary>The best of several numbers; if none are given, those of the rule. With folds, it is found by cross-validation.</summary>
internal sealed record UnitTrials(IReadOnlyList<int>? Given, int Folds) : UnitChoice
{
    public IReadOnlyList<int> Sizes(int inputs, int outputs) => Given ?? HiddenSizes.ByRule(inputs, outputs);

    public override int Most(int inputs, int outputs) => Sizes(inputs, outputs).Max();

    public override void Check()
    {
        if (Given is not null)
        {
            HiddenSizes.Check(Given);
        }

        if (Folds is 1 or < 0)
        {
            throw Guard.OutOfRange("folds", Folds, "0 for the validation rows, or 2 or more");
        }
    }

    public override string ToString()
    {
        string folds = Folds == 0 ? "" : $"folds: {Folds}";
        return Given is null
            ? $"TryRule({folds})"
            : $"Try([{string.Join(", ", Given)}]{(Folds == 0 ? "" : ", ")}{folds})";
    }
}

/// <summary>As many units as lower the loss.</summary>
internal sealed record UnitGrowth(GrowthOptions Growth, int Units) : UnitChoice
{
    public override int Most(int inputs, int outputs) => Units;

    public override void Check() => Growth.Validate(Guard.AtLeast(Units, 1));

    public override string ToString() => $"Grow({Units}, from {Growth.First} by {Growth.Step})";
}
