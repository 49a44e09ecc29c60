using BpTrainer.Examples.Compare;

namespace BpTrainer.Examples.Tests.Compare;

/// <summary>Ranks, wins and losses from results that are given.</summary>
public class StandingsTests
{
    private static readonly Metric s_accuracy = Metric.For(LearningTask.Binary)[0];

    [Fact]
    public void EqualsShareTheirRanksAndWhoBrokeDownIsLast()
    {
        var failed = new TrainerResult("Failed");
        failed.Fail("failed: no luck");
        var absent = new TrainerResult("Absent");
        absent.LeaveOut("left out: not here");
        var ranking = new Ranking(
            LearningTask.Binary, s_accuracy, [failed, absent, Result("A", 0.8, 0.8), Result("B", 0.9, 0.7), Result("C", 0.9, 0.9)]);

        Assert.Equal(["Failed", "A", "B", "C"], ranking.Trainers);
        Assert.Equal([4, 2.5, 2.5, 1], ranking.Trainers.Select(trainer => ranking.RankOf(trainer, ranking.Trainers)));
        Assert.Equal(2, ranking.RankOf("A", ["C", "Absent", "Failed"]));
        Assert.True(ranking.IsBetter("C", "A"));
        Assert.False(ranking.IsBetter("A", "B"));
        Assert.False(ranking.IsBetter("C", "Absent"));
        Assert.True(ranking.IsBetter("A", "Failed"));
    }

    [Theory]
    [InlineData(0.94, 0.86, true)]
    [InlineData(1.0, 0.8, false)]
    public void FarBetterIsMoreThanTheSpreadOfTheBetterOne(double one, double other, bool isFar)
    {
        var ranking = new Ranking(LearningTask.Binary, s_accuracy, [Result("A", 0.8, 0.8), Result("B", one, other)]);
        Assert.True(ranking.IsBetter("B", "A"));
        Assert.Equal(isFar, ranking.IsFarBetter("B", "A"));
        Assert.False(ranking.IsFarBetter("A", "B"));
    }

    [Fact]
    public void StandingsAreMeansOverTheSetsOfAGroup()
    {
        SetResults regression = new(
            LearningTask.Regression,
            UsedForChoosing: true,
            [Result("BackPropagation", 2, 2), Result("BackPropagation-fast", 1, 1), Result("LightGbm", 3, 3), Result("Sdca", 1.5, 1.5)]);
        SetResults binary = new(
            LearningTask.Binary,
            UsedForChoosing: false,
            [Result("BackPropagation", 0.8, 0.8), Result("BackPropagation-fast", 0.9, 0.9), Result("LightGbm", 0.95, 0.95)]);

        Standings[] all = [.. Standings.Of([regression, binary])];

        Assert.Equal(
            [
                ("all", "RMSE or error", 2), ("all", "log-loss", 1), ("used for choosing", "RMSE or error", 1),
                ("not used for choosing", "RMSE or error", 1), ("not used for choosing", "log-loss", 1),
            ],
            all.Select(standings => (standings.Group, standings.Criterion, standings.Sets)));
        Standing ours = all[0].Trainers[0];
        Assert.Equal(("BackPropagation", 2, 3), (ours.Trainer, ours.Sets, ours.Rank));
        Assert.Equal(1.5, ours.RankBesidePeers);
        Assert.Equal([new Duel(1, 1, 1), new Duel(0, 0, 0), new Duel(0, 0, 0)], ours.Duels);
        Assert.Equal(7, ours.FitSeconds);

        Standing sdca = all[0].Trainers.Single(standing => standing.Trainer == "Sdca");
        Assert.Equal((1, 2, null), (sdca.Sets, sdca.Rank, sdca.RankBesidePeers));
        Assert.DoesNotContain("Sdca", all[1].Trainers.Select(standing => standing.Trainer));
    }

    // Every metric of a split has the same value; the spread of log-loss, which is better when smaller, is that of accuracy.
    private static TrainerResult Result(string trainer, params double[] splits)
    {
        var result = new TrainerResult(trainer);
        foreach (double value in splits)
            result.Add(new Measurement([value, value, value, value, value], 7, 100));
        return result;
    }
}
