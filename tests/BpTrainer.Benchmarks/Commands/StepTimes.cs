using System.Diagnostics;
using System.Text.Json.Nodes;
using BpTrainer.Data;
using BpTrainer.Kernels;
using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Training;

namespace BpTrainer.Benchmarks;

/// <summary>Times the step of a batch in turns with the peak, and on one thread also what it is made of.</summary>
/// <remarks>
/// The line has: net, batch, optimizer, kernel, threads; microseconds of the step, the best of many; samples_per_second, gflops,
/// peak_gflops and share_of_peak, which is the median over rounds of the share of the best bursts; phases, the lower quartile of the
/// microseconds of each: gather, forward, loss, backward, gradient, update.
/// </remarks>
internal sealed unsafe class StepTimes : IDisposable
{
    private const int Rounds = 15;
    private const int BurstsOfRound = 8;
    private const int StepsOfPhases = 400;

    private readonly NetShape _shape;
    private readonly TrainingOptions _options;
    private readonly RowParts<float> _parts;
    private readonly OptimizerStep<float> _step;
    private readonly ParameterUpdate<float> _update;
    private readonly BatchGradient<float> _gradient;
    private readonly int[] _order;
    private readonly int _batchSize;
    private readonly List<(string Name, List<double> Microseconds)> _phases = [];
    private int _first;
    private long _time;

    private StepTimes(NetShape shape, int rows, TrainingOptions options)
    {
        _shape = shape;
        _options = options with { Loss = shape.Loss, Epochs = 1 };
        DataSet<float> data = SyntheticData.For(shape, rows, options.Seed);
        _parts = new RowParts<float>(shape.Build(options.Seed), _options, new InMemoryRows<float>(data));
        StepOptimizer optimizer = options.Optimizer as StepOptimizer
            ?? throw new UserError($"--optimizer is '{options.Optimizer.Name}', but must be one that makes a step after every batch.");
        _step = optimizer.CreateStep<float>(_parts.Network.Parameters.Length, _parts.Kernel);
        _update = new ParameterUpdate<float>(_parts, _step);
        _gradient = new BatchGradient<float>(_parts, _options.Regularization, _update);
        _batchSize = (int)_parts.BatchSize;
        _order = [.. Enumerable.Range(0, rows)];
        new Random(options.Seed).Shuffle(_order);
    }

    /// <summary>Runs steps.</summary>
    public static JsonObject Measure(NetShape shape, int rows, TrainingOptions options)
    {
        using var times = new StepTimes(shape, rows, options);
        return times.Measure();
    }

    public void Dispose() => _parts.Dispose();

    private JsonObject Measure()
    {
        Step();
        int threads = _parts.Pass.Team.Threads;
        double operations = _shape.OperationsPerSample * _batchSize;
        (double gflops, double peak, double share) = Peak.Share(Rounds, BurstsOfRound, operations, Step, threads);
        var line = new JsonObject
        {
            ["net"] = _shape.Name,
            ["batch"] = _batchSize,
            ["optimizer"] = _options.Optimizer.Name,
            ["kernel"] = _parts.Kernel.ToString().ToLowerInvariant(),
            ["threads"] = threads,
            ["microseconds"] = Math.Round(operations / gflops / 1e3, 1),
            ["samples_per_second"] = Math.Round(gflops * 1e9 / _shape.OperationsPerSample),
            ["gflops"] = Math.Round(gflops, 1),
            ["peak_gflops"] = Math.Round(peak, 1),
            ["share_of_peak"] = Math.Round(share, 3),
        };
        if (threads == 1)
        {
            line["phases"] = Phases();
        }

        return line;
    }

    private JsonObject Phases()
    {
        for (int i = 0; i < StepsOfPhases; i++)
        {
            StepByPhases();
        }

        return new(_phases.Select(phase =>
        {
            phase.Microseconds.Sort();
            return KeyValuePair.Create<string, JsonNode?>(phase.Name, Math.Round(phase.Microseconds[StepsOfPhases / 4], 1));
        }));
    }

    private void Step() => _gradient.Run(_order, NextBatch(), _batchSize, (float)_options.Optimizer.LearningRate!);

    private int NextBatch()
    {
        int first = _first;
        _first += _batchSize;
        if (_first + _batchSize > _order.Length)
        {
            _first = 0;
        }

        return first;
    }

    /// <summary>What <see cref="BatchGradient{T}"/> does, one thing after another.</summary>
    private void StepByPhases()
    {
        int batch = _batchSize;
        BackPropagation<float> backPropagation = _parts.BackPropagation;
        int first = NextBatch();
        _time = Stopwatch.GetTimestamp();
        Workspace<float> workspace = _parts.Pass.Work;
        fixed (float* parameters = _parts.Network.Parameters, work = workspace.Block, whole = _gradient.Whole, memory = _update.Memory)
        {
            int phase = 0;
            _parts.Pass.Source.Gather(workspace, work, _order, first, 0, batch, batch);
            EndPhase(phase++, "gather");
            backPropagation.Forward(0, batch);
            EndPhase(phase++, "forward");
            backPropagation.Loss(0, batch);
            EndPhase(phase++, "loss");
            backPropagation.Backward(0, batch);
            EndPhase(phase++, "backward");
            _update.Begin(0, (float)_options.Optimizer.LearningRate!);
            double gradient = 0, update = 0;
            ParameterPart[] parts = ParameterPart.Cut(_parts.Network.Layouts);
            _time = Stopwatch.GetTimestamp();
            for (int p = 0; p < parts.Length; p++)
            {
                float* to = whole + (_update.NeedsWholeGradient ? parts[p].Offset : 0);
                backPropagation.Gradient(parts[p], to, accumulate: false, batch);
                gradient += Lap();
                _update.Take(parts[p], p, parameters + parts[p].Offset, to, memory);
                update += Lap();
            }

            _update.Finish(_gradient.Whole);
            update += Lap();

            Note(phase++, "gradient", gradient);
            Note(phase, "update", update);
        }
    }

    private double Lap()
    {
        long now = Stopwatch.GetTimestamp();
        double microseconds = Stopwatch.GetElapsedTime(_time, now).TotalMicroseconds;
        _time = now;
        return microseconds;
    }

    private void EndPhase(int phase, string name) => Note(phase, name, Lap());

    private void Note(int phase, string name, double microseconds)
    {
        if (phase == _phases.Count)
        {
            _phases.Add((name, []));
        }

        _phases[phase].Microseconds.Add(microseconds);
    }
}
