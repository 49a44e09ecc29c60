using BpTrainer.Schedules;

namespace BpTrainer.Tests.Schedules;

/// <summary>
/// The factors of each schedule against its formula. Series from PyTorch 1.13: an SGD optimizer with the rate 1 and the scheduler named,
/// stepped once an update, printing <c>optimizer.param_groups[0]["lr"]</c> before each step; an epoch of one update.
/// </summary>
public class FormulaTests
{
    [Fact]
    public void ConstantIs1() => AssertSeries(LearningRateSchedule.Constant, [1, 1, 1], updates: 3);

    [Fact]
    public void StepDropsEveryFewEpochs()
    {
        // lr_scheduler.StepLR(optimizer, 3, 0.5)
        AssertSeries(LearningRateSchedule.Step(3, 0.5), [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25], updates: 8);

        // Two updates an epoch: it drops after four updates.
        AssertSeries(LearningRateSchedule.Step(2), [1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.01], updates: 20, ofEpoch: 2);
    }

    [Fact]
    public void InverseScalingDividesByAPowerOfTheNumberOfTheUpdate()
    {
        // eta0 / pow(t, power_t) with t = 1, 2, 3, 4 and 81.
        AssertSeries(LearningRateSchedule.InverseScaling(0.5), [1, 1 / Math.Sqrt(2), 1 / Math.Sqrt(3), 0.5], updates: 4);
        Close.Absolute(1.0 / 3, LearningRateSchedule.InverseScaling().Factor(80, new TrainingLength(7, 100)), 1e-15);
    }

    [Fact]
    public void ExponentialMultipliesEveryEpoch()
    {
        // lr_scheduler.ExponentialLR(optimizer, 0.9)
        AssertSeries(LearningRateSchedule.Exponential(0.9), [1, 0.9, 0.81, 0.729], updates: 4);

        // Half an epoch multiplies by the root.
        AssertSeries(LearningRateSchedule.Exponential(0.25), [1, 0.5, 0.25, 0.125], updates: 10, ofEpoch: 2);
    }

    [Fact]
    public void CosineFallsAlongHalfAWave()
    {
        // lr_scheduler.CosineAnnealingLR(optimizer, 10, eta_min=0.1)
        double[] expected =
        [
            1, 0.9779754323328191, 0.9140576474687263, 0.8145033635316129, 0.6890576474687263, 0.55,
            0.41094235253127376, 0.2854966364683872, 0.18594235253127372, 0.12202456766718092,
        ];
        AssertSeries(LearningRateSchedule.Cosine(0.1), expected, updates: 10);
        AssertSeries(LearningRateSchedule.Cosine(), [1, 0.75, 0.25], updates: 3);
    }

    [Fact]
    public void CosineRestartsAfterPeriodsThatGrow()
    {
        // lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 2, T_mult=2, eta_min=0.05)
        double[] expected =
        [
            1, 0.525, 1, 0.8608757210636101, 0.525, 0.18912427893638994, 1, 0.9638427779428612, 0.8608757210636101,
            0.7067746303734177, 0.525, 0.34322536962658234, 0.18912427893638994, 0.0861572220571388, 1,
        ];
        AssertSeries(LearningRateSchedule.CosineRestarts(2, 2, 0.05), expected, updates: 100);
        AssertSeries(LearningRateSchedule.CosineRestarts(1, 1), [1, 0.75, 0.25, 1, 0.75, 0.25, 1], updates: 100, ofEpoch: 3);
    }

    [Fact]
    public void CosLog4HasFourHumps()
    {
        // 0 where 1 + 15·u/N is a power of 2, u/N = 0, 1/15, 3/15, 7/15; 1 in between, where it is √2 times one.
        LearningRateSchedule schedule = LearningRateSchedule.CosLog4;
        var length = new TrainingLength(1, 15_000_000);
        foreach (int zero in new[] { 0, 1, 3, 7 })
        {
            Close.Absolute(0, schedule.Factor(zero * 1_000_000, length), 1e-12);
            double top = ((zero + 1) * Math.Sqrt(2)) - 1;
            Close.Absolute(1, schedule.Factor((long)(top * 1_000_000), length), 1e-10);
        }

        // u/N = 2/11, by Python: 0.5*(1-math.cos(2*math.pi*math.log2(1+15*2/11)))
        Close.Absolute(0.09899049235618318, schedule.Factor(2, new TrainingLength(1, 11)), 1e-14);
    }

    [Fact]
    public void OneCycleRisesAndFallsAlongHalfWaves()
    {
        // lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=20)
        double[] expected =
        [
            0.04, 0.1316718427000253, 0.3716718427000253, 0.6683281572999747, 0.9083281572999747, 1, 0.9874640062350873,
            0.9504846320134737, 0.89091617757105, 0.8117456539497631, 0.7169430017913008, 0.6112620219362893, 0.500002,
            0.38874197806371075, 0.28306099820869923, 0.18825834605023697, 0.10908782242895004, 0.049519367986526286,
            0.012539993764912554, 4e-06,
        ];
        AssertSeries(LearningRateSchedule.OneCycle(), expected, updates: 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void OneCycleOfAFewUpdatesKeepsWithinItsBounds(int updates)
    {
        for (int update = 0; update < updates; update++)
        {
            Assert.InRange(LearningRateSchedule.OneCycle().Factor(update, new TrainingLength(1, updates)), 4e-6, 1);
        }
    }

    [Fact]
    public void AWarmUpRisesInAStraightLineAndHandsOver()
    {
        AssertSeries(LearningRateSchedule.Constant.WithWarmUp(2), [0.25, 0.5, 0.75, 1, 1, 1], updates: 100, ofEpoch: 2);

        // Of 6 updates 2 are warm-up, so the cosine is spread over 4: cos(0), cos(π/4), cos(π/2), cos(3π/4).
        double root = Math.Sqrt(0.5);
        AssertSeries(
            LearningRateSchedule.Cosine().WithWarmUp(2),
            [0.5, 1, 1, 0.5 * (1 + root), 0.5, 0.5 * (1 - root)],
            updates: 6);

        // Less than an update is one.
        AssertSeries(LearningRateSchedule.Step(1, 0.5).WithWarmUp(0.01), [1, 1, 0.5], updates: 3);
    }

    [Fact]
    public void OnAPlateauTheRateShrinksDownToItsFloor()
    {
        // s = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=2, threshold=0.01, min_lr=0.2); s.step(loss)
        double[] losses = [1, 0.9, 0.895, 0.9, 0.95, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8];
        double[] expected = [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2];
        var watch = new PlateauWatch(LearningRateSchedule.ReduceOnPlateau(0.5, patience: 2, threshold: 0.01, floor: 0.2).Plateau!);
        foreach ((double loss, double factor) in losses.Zip(expected))
        {
            watch.Note(loss);
            Assert.Equal(factor, watch.Factor);
        }
    }

    private static void AssertSeries(LearningRateSchedule schedule, double[] expected, long updates, long ofEpoch = 1)
    {
        for (int update = 0; update < expected.Length; update++)
        {
            Close.Absolute(expected[update], schedule.Factor(update, new TrainingLength(ofEpoch, updates)), 1e-14);
        }
    }
}
