using System.Text.Json;
using BpTrainer.Examples.Compare;
using BpTrainer.ML;

namespace BpTrainer.Examples.Tests.Compare;

/// <summary>The options of our trainer on the command line.</summary>
public sealed class SettingTests : IDisposable
{
    private static readonly string s_iris = Path.Combine(AppContext.BaseDirectory, "data", "iris.csv");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>An adaptive rate is a setting of its own.</summary>
    [Fact]
    public void EveryOptimizerCanBeNamed() => Assert.Equal(
        OptimizerNames.All.Where(name => !name.StartsWith("adaptive-", StringComparison.Ordinal)).ToHashSet(),
        OptimizerChoice.Names.ToHashSet());

    [Fact]
    public void MomentumWithAndWithoutTheAdaptiveRateInOneCommand()
    {
        string json = _folder.PathOf("out.jsonl");
        string[] names =
        [
            "BackPropagation:hidden=5:epochs=20:networks=1",
            "BackPropagation:hidden=5:momentum=0.9:adaptive=true:epochs=20:networks=1",
            "Lbfgs",
        ];
        ProgramRun run = OnIris(
            "--trainers", "BackPropagation,lbfgs,backpropagation:Momentum=.9:adaptive=TRUE", "--hidden", "5", "--epochs", "20",
            "--networks", "1", "--json", json);

        Assert.Equal(0, run.ExitCode);
        Assert.All(names, name => Assert.Contains($"| {name} ", run.Output));
        JsonElement[] lines = [.. File.ReadLines(json).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(names, lines.Select(line => line.GetProperty("trainer").GetString()));
        Assert.Equal(
            """{"hidden":"5","momentum":"0.9","adaptive":"true","epochs":"20","networks":"1"}""",
            lines[1].GetProperty("settings").GetRawText());
        Assert.False(lines[2].TryGetProperty("settings", out _));
        Assert.NotEqual(lines[0].GetProperty("metrics").GetRawText(), lines[1].GetProperty("metrics").GetRawText());
    }

    [Fact]
    public void ASettingOfATrainerComesBeforeThatOfAll() => Assert.Equal(
        ["BackPropagation:preset=classic:epochs=7", "BackPropagation:preset=classic:epochs=9", "BackPropagation-fast:epochs=7", "Sdca"],
        TrainerChoice.ParseAll(
            "Sdca,BackPropagation-fast,BackPropagation,BackPropagation:epochs=9", Settings(("preset", "Classic"), ("epochs", "7")))
            .Select(choice => choice.ToString()));

    [Theory]
    [InlineData("", "momentum 0.03", "[128, 128]")]
    [InlineData("momentum=0.5", "momentum 0.03", "[128, 128]")]
    [InlineData("adaptive=true", "adaptive-momentum 0.03", "[128, 128]")]
    [InlineData("adaptive=true:learning-rate=0.2", "adaptive-momentum 0.2", "[128, 128]")]
    [InlineData("preset=classic", "adaptive-momentum 0.01", "[64 tanh]")]
    [InlineData("preset=classic:adaptive=false", "momentum 0.01", "[64 tanh]")]
    [InlineData("preset=classic:momentum=0.5:hidden=20x10", "adaptive-momentum 0.01", "[20 tanh, 10 tanh]")]
    [InlineData("preset=textbook:activation=tanh", "gradient-descent 0.5", "Rule(5)")]
    [InlineData("preset=textbook:momentum=0.9", "momentum 0.5", "Rule(5)")]
    [InlineData("optimizer=gradient-descent:adaptive=true", "adaptive-gradient-descent 0.01", "[128, 128]")]
    [InlineData("optimizer=nesterov:momentum=0.8", "nesterov 0.01", "[128, 128]")]
    [InlineData("optimizer=Adam:learning-rate=0.002", "adam 0.002", "[128, 128]")]
    [InlineData("optimizer=adam:adaptive=false", "adam 0.001", "[128, 128]")]
    [InlineData("optimizer=l-bfgs:activation=relu", "l-bfgs ", "[128 relu, 128 relu]")]
    [InlineData("hidden=none", "momentum 0.03", "[]")]
    [InlineData("hidden=8:activation=leaky-relu(0.2)", "momentum 0.03", "[8 leaky-relu(0.2)]")]
    public void OptimizerAndLayers(string settings, string optimizer, string layers)
    {
        BackPropagationOptions options = Options(settings);
        Assert.Equal(optimizer, FormattableString.Invariant($"{options.Optimizer} {options.Optimizer.LearningRate}"));
        Assert.Equal(layers, options.HiddenLayers.ToString());
    }

    [Fact]
    public void TheMomentumIsThatOfTheSetting() => Assert.Equal(
        Optimizer.AdaptiveMomentum(0.2, 0.5), Options("momentum=0.5:adaptive=true:learning-rate=0.2").Optimizer);

    [Fact]
    public void EpochsBatchAndNetworks()
    {
        BackPropagationOptions options = Options("epochs=12:batch=all:networks=3");
        Assert.Equal((12, TrainingOptions.FullBatch, 3), (options.NumberOfEpochs, options.BatchSize, options.Ensemble.Size));
        Assert.Equal(1, Options("preset=fast:batch=16").Ensemble.Size);
        Assert.Equal(16, Options("preset=fast:batch=16").BatchSize);
    }

    [Theory]
    [InlineData("preset=textbook:optimizer=levenberg-marquardt")]
    [InlineData("optimizer=scaled-conjugate-gradient")]
    public void AnOptimizerThatNeedsAllRowsTakesThem(string settings) => Assert.Null(Options(settings).BatchSize);

    [Theory]
    [InlineData("BackPropagation:speed=2", "there is no setting 'speed'. There are: preset, hidden, activation, optimizer, learning-rate,")]
    [InlineData("BackPropagation:momentum", "momentum has no value; write momentum=VALUE, where VALUE must be a number such as 0.9.")]
    [InlineData("BackPropagation:momentum=much", "momentum is 'much'; it must be a number such as 0.9.")]
    [InlineData("BackPropagation:momentum=0,9", "There is no trainer '9'.")]
    [InlineData("BackPropagation:hidden=20,10", "Sizes of layers are written hidden=20x10 in --trainers.")]
    [InlineData("BackPropagation:hidden=20xx10", "hidden is '20xx10'; it must be sizes such as 20x10, or none.")]
    [InlineData("BackPropagation:activation=wave", "activation is 'wave'; it must be an activation such as tanh, relu,")]
    [InlineData("BackPropagation:optimizer=luck", "optimizer is 'luck'; it must be one of gradient-descent, momentum, nesterov, adam,")]
    [InlineData("BackPropagation:preset=slow", "preset is 'slow'; it must be one of default, fast, classic, textbook.")]
    [InlineData("BackPropagation:adaptive=often", "adaptive is 'often'; it must be true or false.")]
    [InlineData("BackPropagation:batch=most", "batch is 'most'; it must be a whole number such as 32, or all.")]
    [InlineData("BackPropagation:epochs=5:epochs=6", "epochs is given twice.")]
    [InlineData("BackPropagation-fast:preset=classic", "BackPropagation-fast is already a preset; write BackPropagation:preset=")]
    [InlineData(
        "LightGbm:epochs=5", "'LightGbm:epochs=5': LightGbm always has its default options here; only BackPropagation has settings.")]
    public void AListThatMakesNoSense(string trainers, string message) => OnIris("--trainers", trainers).AssertUserError(message);

    [Theory]
    [InlineData("momentum=1", "Momentum is 1, but must be")]
    [InlineData("momentum=-0.5:adaptive=true", "Momentum is -0.5, but must be")]
    [InlineData("learning-rate=0", "LearningRate is 0, but must be")]
    [InlineData("learning-rate=NaN", "LearningRate is NaN, but must be")]
    [InlineData("epochs=0", "NumberOfEpochs is 0, but must be")]
    [InlineData("batch=-3", "BatchSize is -3, but must be")]
    [InlineData("networks=0", "Ensemble is 0, but must have at least 1 network")]
    [InlineData("hidden=20x0", "Units is 0, but must be 1 or more")]
    [InlineData("activation=hard-limit", "has the activation hard-limit, whose derivative is 0")]
    [InlineData("optimizer=l-bfgs:batch=10", "BatchSize is 10, but must be")]
    [InlineData("optimizer=l-bfgs:learning-rate=1", "learning-rate cannot be used with the optimizer l-bfgs, which chooses")]
    [InlineData("optimizer=adam:momentum=0.9", "momentum cannot be used with the optimizer adam, only with momentum and nesterov.")]
    [InlineData("optimizer=adam:adaptive=true", "adaptive cannot be used with the optimizer adam, only with momentum and")]
    public void ASettingOutOfItsRange(string settings, string message)
    {
        ProgramRun run = OnIris("--trainers", $"BackPropagation:{settings}");
        run.AssertUserError(message);
        Assert.StartsWith($"Error: BackPropagation:{settings}: ", run.Error);
    }

    [Theory]
    [InlineData("--momentum", "much", "--momentum is 'much'; it must be a number such as 0.9.")]
    [InlineData("--epochs", "0", "NumberOfEpochs is 0, but must be")]
    public void AnOptionOfAllOfOurs(string option, string value, string message) => OnIris(option, value).AssertUserError(message);

    [Fact]
    public void AnOptionThatNoTrainerTakes() => OnIris("--trainers", "Sdca", "--momentum", "0.9").AssertUserError(
        "--momentum is an option of BackPropagation, which is not in --trainers.");

    [Fact]
    public void AdaptiveAloneMeansYes() => Assert.Contains(
        "| BackPropagation:hidden=3:adaptive=true:epochs=3:networks=1 ",
        OnIris("--adaptive", "--hidden", "3", "--epochs", "3", "--networks", "1", "--trainers", "BackPropagation").Output);

    private static ProgramRun OnIris(params string[] arguments) => ProgramRun.Of(
        CommandLine.Run, ["--data", s_iris, "--label", "species", "--task", "multiclass", "--splits", "1", .. arguments]);

    private static TrainerSettings Settings(params (string Name, string Text)[] values) => new(values.ToDictionary(
        value => Setting.All.Single(setting => setting.Name == value.Name),
        value => Setting.All.Single(setting => setting.Name == value.Name).ValueOf(value.Text, value.Name)));

    private static BackPropagationRegressionTrainer.Options Options(string settings)
    {
        string text = settings.Length == 0 ? "BackPropagation" : $"BackPropagation:{settings}";
        TrainerChoice choice = Assert.Single(TrainerChoice.ParseAll(text, TrainerSettings.None));
        var options = new BackPropagationRegressionTrainer.Options(choice.Preset);
        choice.Settings.ApplyTo(options, choice.Preset);
        Assert.NotNull(MLNetContender.Ours(LearningTask.Regression, choice));
        return options;
    }
}
