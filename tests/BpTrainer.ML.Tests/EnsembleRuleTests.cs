using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>The number of networks follows from the work alone.</summary>
public class EnsembleRuleTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(150, 50, 8)]
    [InlineData(10_000, 50, 8)]
    [InlineData(500_000, 50, 4)]
    [InlineData(1_000_000_000, 200, 1)]
    public void LargeTablesGetFewerNetworks(long rows, double epochs, int networks) =>
        Assert.Equal(networks, EnsembleRule.Size(rows, [50, 128, 128, 1], epochs));

    [Fact]
    public void EachNumberLastsUntilTheBudgetIsUsedUp()
    {
        // 1,000 weights · 1,000 epochs · 3 = 3·10⁶ a row and network; 10¹³ / 8 networks are 416,666 rows.
        Assert.Equal(8, EnsembleRule.Size(416_666, [100, 10], epochs: 1000));
        Assert.Equal(4, EnsembleRule.Size(416_667, [100, 10], epochs: 1000));
        Assert.Equal(4, EnsembleRule.Size(833_333, [100, 10], epochs: 1000));
        Assert.Equal(2, EnsembleRule.Size(833_334, [100, 10], epochs: 1000));
        Assert.Equal(2, EnsembleRule.Size(1_666_666, [100, 10], epochs: 1000));
        Assert.Equal(1, EnsembleRule.Size(1_666_667, [100, 10], epochs: 1000));
    }

    [Fact]
    public void AutoDecidesInFitAndAContinuedModelKeepsItsNetworks()
    {
        IDataView data = TestData.Diabetes(_ml);
        Assert.Equal(8, Fit(Ensemble.Auto).Model.Ensemble!.Networks.Count);
        Assert.Equal(
            Fit(8).Model.Ensemble!.Networks.Select(network => network.ToBytes()),
            Fit(Ensemble.Auto).Model.Ensemble!.Networks.Select(network => network.ToBytes()));
        Assert.Equal(3, Fit(Ensemble.Auto, Fit(3)).Model.Ensemble!.Networks.Count);
        Assert.Null(Fit(Ensemble.Auto, Fit(1)).Model.Ensemble);

        BackPropagationTransformer<BackPropagationRegressionModelParameters> Fit(Ensemble ensemble, ITransformer? initial = null) =>
            _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options
            {
                Ensemble = ensemble,
                InitialModel = initial,
                NumberOfEpochs = 2,
                Seed = 1,
            }).Fit(data);
    }

    [Fact]
    public void AutoIsNotANumber()
    {
        Assert.Equal("Auto", Ensemble.Auto.ToString());
        Assert.NotEqual((Ensemble)8, Ensemble.Auto);
        Assert.False(Ensemble.Auto.KeepsBest);
    }
}
