namespace BpTrainer.Examples.Compare;

/// <summary>How the trainers did over several sets, by one kind of metric.</summary>
/// <param name="Group">Which sets.</param>
/// <param name="Criterion">Which metric.</param>
/// <param name="Sets">The number of sets.</param>
/// <param name="Trainers">A standing for each trainer that took part in one of them.</param>
internal sealed record Standings(string Group, string Criterion, int Sets, IReadOnlyList<Standing> Trainers)
{
    /// <summary>The trainers whose wins and losses are counted against.</summary>
    public static readonly IReadOnlyList<string> Opponents = ["LightGbm", ScikitLearnContender.Default, ScikitLearnContender.Momentum];

    // Each of ours is ranked with these alone, so that our presets do not crowd each other out.
    private static readonly string[] s_peers = ["FastTree", "LightGbm", ScikitLearnContender.Default];

    /// <summary>Sums up over all sets, those used for choosing defaults and the others, by error and then by log-loss.</summary>
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

/// <summary>How one trainer did over several sets.</summary>
/// <param name="Trainer">Its name.</param>
/// <param name="Sets">The number of sets that it took part in.</param>
/// <param name="Rank">The mean of its ranks among all trainers.</param>
/// <param name="RankBesidePeers">Of ours: the mean of its ranks with FastTree, LightGBM and scikit-learn's network alone.</param>
/// <param name="Duels">Its wins and losses, in the order of <see cref="Standings.Opponents"/>.</param>
/// <param name="FitSeconds">The mean time of a fit.</param>
/// <param name="CalibrationError">
/// The mean over the sets with classes, each over the rows of all its splits; not a number without any.
/// </param>
internal sealed record Standing(
    string Trainer, int Sets, double Rank, double? RankBesidePeers, IReadOnlyList<Duel> Duels, double FitSeconds, double CalibrationError);

/// <summary>On how many sets a trainer beat another and was beaten by it.</summary>
/// <param name="Won">Sets with a better mean.</param>
/// <param name="Lost">Sets with a worse mean.</param>
/// <param name="LostFar">Those of them where it is worse by more than the other's standard deviation over the splits.</param>
internal sealed record Duel(int Won, int Lost, int LostFar);

/// <summary>The results on one set of the suite.</summary>
internal sealed record SetResults(LearningTask Task, bool UsedForChoosing, IReadOnlyList<TrainerResult> Results);
