namespace BpTrainer.Tests.Optimizers;

/// <summary>The first steps of an optimizer, by numbers that were worked out outside of this program.</summary>
/// <remarks>
/// One weight with E = ½(w − 1)², ∂E/∂w = w − 1, from w = 0. The numbers come from the formulas in a few lines of Python each, such as
/// <code>
/// for t in range(1, 6): g = w - 1; m = 0.9*m + 0.1*g; v = 0.999*v + 0.001*g*g; w -= 0.1*(m/(1 - 0.9**t))/(sqrt(v/(1 - 0.999**t)) + 1e-8)
/// </code>
/// for Adam, and PyTorch 1.13 gives the same to the last places: torch.optim.SGD(lr=0.1, momentum=0.9, nesterov=True),
/// Adagrad(lr=0.5), RMSprop(lr=0.1, alpha=0.9), Adam(lr=0.1), AdamW(lr=0.1, weight_decay=0.5), Rprop(lr=0.3) in float64. Its
/// NAdam multiplies μₜ into the product for t + 1 twice, against its documentation; Nadam follows the documented formula.
/// </remarks>
public class OptimizerStepTests
{
    private static readonly DataSet<double> s_data = Samples.Pairs((1, 1));

    public static TheoryData<Optimizer, double, double[]> Steps => new()
    {
        // v = −0.1·(−1) = 0.1, w = 0.9·0.1 + 0.1 = 0.19; v = 0.9·0.1 + 0.1·0.81 = 0.171, w = 0.19 + 0.9·0.171 + 0.081 = 0.4249
        { Optimizer.Nesterov(), 0.1, [0.19, 0.4249, 0.672679, 0.90611209, 1.1045816839] },

        // s = 1, w = 0.5; s = 1.25, w = 0.5 + 0.5·0.5/√1.25
        { Optimizer.AdaGrad(), 0.5, [0.49999999995, 0.7236067976978675, 0.8436012639323167, 0.910883292057319, 0.9491086957369905] },

        // s = 0.1, w = 0.1/√0.1
        { Optimizer.RmsProp(), 0.1, [0.3162277560168383, 0.5011293798827625, 0.6308194325722059, 0.7271751011099521, 0.8002048330645672] },
        { Optimizer.Adam(), 0.1, [0.09999999900000009, 0.19958777028766206, 0.29841372549558526, 0.39606093731789244, 0.4920363380727795] },

        // Each update first takes a twentieth off: 0.1·0.5.
        {
            Optimizer.AdamW(decay: 0.5),
            0.1,
            [0.09999999900000009, 0.19458777033766206, 0.28372647371642484, 0.36735883630710986, 0.4454116956841596]
        },
        {
            Optimizer.Nadam(), 0.1, [0.10564517677908711, 0.18002692846842477, 0.24727073238445876, 0.31228394725855807, 0.3763371062170688]
        },

        // Steps 0.3, 0.36, 0.432; the sign changes at 1.092: rest, then 0.216 back; it changes at 0.876: rest, then 0.108, 0.1296
        { Optimizer.ResilientMinus(), 0.3, [0.3, 0.66, 1.092, 1.092, 0.876, 0.876, 0.984, 1.1136] },

        // The same up to 0.876, where the error is above that at 1.092: back there, then 0.108 back, where it is below: rest
        { Optimizer.ResilientPlus(), 0.3, [0.3, 0.66, 1.092, 1.092, 0.876, 1.092, 0.984, 0.984] },

        // Steps 0.8, 0.96; the sign changes at 1.76: rest, then 0.48 and 0.576 back
        { Optimizer.ResilientMinus(), 0.8, [0.8, 1.76, 1.76, 1.28, 0.704] },

        // E(1.76) > E(0.8): back to 0.8, then 0.48; E(1.28) > E(0.8): back, then 0.24; E(1.04) < E(0.8): rest, then 0.12 back
        { Optimizer.ResilientPlus(), 0.8, [0.8, 1.76, 0.8, 1.28, 0.8, 1.04, 1.04, 0.92] },

        // Bounds: 0.5·1.2 → 0.55; the sign changes at 1.05: 0.55·0.5 → 0.4
        { Optimizer.ResilientMinus(minimumStep: 0.4, maximumStep: 0.55), 0.5, [0.5, 1.05, 1.05, 0.65] },

        // The first step keeps to the bounds as well: 0.4 instead of 3, then 0.4 again; 0.2 instead of 0.1, then 0.2·1.2
        { Optimizer.ResilientMinus(maximumStep: 0.4), 3, [0.4, 0.8, 1.2, 1.2, 1.0] },
        { Optimizer.ResilientPlus(minimumStep: 0.2), 0.1, [0.2, 0.44] },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void TheFirstStepsAreThoseOfTheFormula(Optimizer optimizer, double learningRate, double[] weights)
    {
        for (int updates = 1; updates <= weights.Length; updates++)
        {
            Network<double> network = Networks.OneWeight();
            network.TrainToTheLast(
                Training.FullBatch(learningRate, epochs: updates) with { Optimizer = optimizer.WithLearningRate(learningRate) }, s_data);
            Close.Absolute(weights[updates - 1], network.Weight(), 1e-12, $"w after {updates} updates of {optimizer}");
        }
    }

    [Fact]
    public void LevenbergMarquardtStepsByTheDampedInverse()
    {
        // J = 1, e = w − 1: w ← w − (w − 1)/(1 + μ), so that 1 − w is multiplied by μ/(1 + μ); μ = 0.001, then a tenth each.
        double distance = 1;
        double[] dampings = [0.001, 0.0001, 0.00001];
        for (int updates = 1; updates <= dampings.Length; updates++)
        {
            distance *= dampings[updates - 1] / (1 + dampings[updates - 1]);
            (double weight, TrainingResult result) = Solve(Optimizer.LevenbergMarquardt(minimumGradient: 0), updates);
            Close.Absolute(1 - distance, weight, 1e-14);
            Close.Relative(0.5 * distance * distance, result.History[updates - 1].TrainingLoss, 1e-9, "loss", floor: 1e-14);
            Close.Relative(dampings[updates - 1], result.History[updates - 1].LearningRate, 1e-12);
        }
    }

    [Fact]
    public void LBFGSNeedsTwoStepsForAParabola()
    {
        // The first step has the length 1 along −g = 1, which is the minimum itself.
        (double weight, TrainingResult result) = Solve(Optimizer.Lbfgs(), 3);
        Close.Absolute(1, weight, 1e-14);
        Assert.Equal(StopReason.MinimumGradientReached, result.StopReason);
        Assert.Equal(2, result.History.Count);
    }

    private static (double Weight, TrainingResult Result) Solve(Optimizer optimizer, int epochs)
    {
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(Training.FullBatch(1, epochs).With(optimizer), s_data);
        return (network.Weight(), result);
    }
}
