using BpTrainer.ML;

namespace BpTrainer.Orleans;

/// <summary>
/// Makes the options of a trial from its number. Only the name of the recipe and the number travel to the workers, so a recipe is a class
/// that the user's program and its workers both have, with a constructor without arguments.
/// </summary>
public interface ITrialRecipe
{
    /// <summary>Sets the options of a trial. The same number must always give the same options.</summary>
    /// <param name="options">The options to set, of the trainer of the search's task. Their seed is that of the search.</param>
    /// <param name="trial">The number of the trial, from 0.</param>
    void Apply(BackPropagationOptions options, int trial);
}

/// <summary>Draws the options of every trial from the ready search space, with the number of the trial as the seed.</summary>
public sealed class SearchSpaceRecipe : ITrialRecipe
{
    /// <inheritdoc/>
    public void Apply(BackPropagationOptions options, int trial) => new BackPropagationSearchSpace().Draw(options, seed: trial);
}
