namespace BpTrainer.Examples.Compare;

/// <summary>The results of the trainers over several sets, by one kind of metric.</summary>
/// <param name="Group">Which sets.</param>
/// <param name="Criterion">Which metric.</param>
/// <param name="Sets">The number of sets.</param>
/// <param name="Trainers">A standing for each trainer that has a rank on at least one of them.</param>
internal sealed record Standings(string Group, string Criterion, int Sets, IReadOnlyList<Standing> Trainers)
{
    /// <summary>The opponents: each trainer's wins and losses against them are counted.</summary>
    public static readonly IReadOnlyList<string> Opponents = ["LightGbm", ScikitLearnContender.Default, ScikitLearnContender.Momentum];

    // Each of our trainers is also ranked among these alone, so that our presets do not compete with each other.
    private static readonly string[] s_peers = ["FastTree", "LightGbm", ScikitLearnContender.Default];

    /// <summary>Summarizes all sets, then those that were used for choosing defaults, then the others; each by error and by
    /// log-loss.</summary>
    public static IEnumerable<Standings> Of(IReadOnlyList<SetResults> sets)
    {
        (string Group, SetResults[] Sets)[] groups =
        [
            ("all", [.. sets]),
            ("used for choosing", [.. sets.Where(set => set.UsedForChoosing)]),
            ("not used for choosing", [.. sets.Where(set => !set.UsedForChoosing)]),
        ];
        return groups.SelectMany(group => new[]
        {
            Of(group.Group, "RMSE or error", group.Sets, set => Metric.For(set.Task)[0]),
            Of(group.Group, "log-loss", [.. group.Sets.Where(set => set.Task != LearningTask.Regression)], _ => Metric.LogLoss),
        }).Where(standings => standings.Sets > 0);
    }

    private static Standings Of(string group, string criterion, SetResults[] sets, Func<SetResults, Metric> metric)
    {
        (SetResults Set, Ranking Ranking)[] rankings =
            [.. sets.Select(set => (set, new Ranking(set.Task, metric(set), set.Results)))];
        var trainers = rankings.SelectMany(pair => pair.Ranking.Trainers).Distinct();
        return new Standings(group, criterion, sets.Length, [.. trainers.Select(trainer => Of(trainer, rankings))]);
    }

    private static Standing Of(string trainer, IEnumerable<(SetResults Set, Ranking Ranking)> all)
    {
        (SetResults Set, Ranking Ranking)[] taken = [.. all.Where(pair => pair.Ranking.Trainers.Contains(trainer))];
        Ranking[] rankings = [.. taken.Select(pair => pair.Ranking)];
        bool isOurs = trainer.StartsWith("BackPropagation", StringComparison.Ordinal);
        TrainerResult[] measured =
            [.. taken.Select(pair => pair.Set.Results.Single(result => result.Trainer == trainer)).Where(result => !result.Failed)];
        return new Standing(
            trainer,
            rankings.Length,
            rankings.Average(ranking => ranking.RankOf(trainer, ranking.Trainers)),
            isOurs ? rankings.Average(ranking => ranking.RankOf(trainer, s_peers)) : null,
            [.. Opponents.Select(opponent => new Duel(
                rankings.Count(ranking => ranking.IsBetter(trainer, opponent)),
                rankings.Count(ranking => ranking.IsBetter(opponent, trainer)),
                rankings.Count(ranking => ranking.IsFarBetter(opponent, trainer))))],
            Mean(measured.Select(result => result.FitSeconds)),
            Mean(measured.Select(result => result.Reliability).OfType<Reliability>().Select(reliability => reliability.CalibrationError)));
    }

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();
}

/// <summary>The results of one trainer over several sets.</summary>
/// <param name="Trainer">Its name.</param>
/// <param name="Sets">The number of sets on which it has a rank.</param>
/// <param name="Rank">The mean of its ranks among all trainers.</param>
/// <param name="RankBesidePeers">For our trainers: the mean of its ranks among FastTree, LightGBM and scikit-learn's network alone. Null
/// for the others.</param>
/// <param name="Duels">Its wins and losses, in the order of <see cref="Standings.Opponents"/>.</param>
/// <param name="FitSeconds">The mean time of a fit.</param>
/// <param name="CalibrationError">
/// The mean over the sets with classes, where each set counts the rows of all its splits; NaN without such sets.
/// </param>
internal sealed record Standing(
    string Trainer, int Sets, double Rank, double? RankBesidePeers, IReadOnlyList<Duel> Duels, double FitSeconds, double CalibrationError);

/// <summary>The number of sets on which a trainer was better and worse than another.</summary>
/// <param name="Won">Sets with a better mean.</param>
/// <param name="Lost">Sets with a worse mean.</param>
/// <param name="LostFar">Of these, the sets where it is worse by more than the other's standard deviation over the splits.</param>
internal sealed record Duel(int Won, int Lost, int LostFar);

/// <summary>The results on one set of the suite.</summary>
internal sealed record SetResults(LearningTask Task, bool UsedForChoosing, IReadOnlyList<TrainerResult> Results);
