using System.Diagnostics;
using Spectre.Console;

namespace BpTrainer.Examples;

/// <summary>
/// Shows a training while it runs: on a terminal the last epoch and the curve, which are updated in place and removed at the end; otherwise
/// a plain line for the first and every tenth epoch.
/// </summary>
internal static class LiveTraining
{
    private const int CurveWidth = 60, CurveHeight = 6;
    private static readonly TimeSpan s_betweenFrames = TimeSpan.FromMilliseconds(50);

    /// <summary>Trains and shows the epochs.</summary>
    /// <param name="console">Where the epochs are shown.</param>
    /// <param name="mostEpochs">The maximum number of epochs.</param>
    /// <param name="train">Trains, and calls its argument after every epoch.</param>
    public static T Show<T>(IAnsiConsole console, int mostEpochs, Func<Action<EpochRecord>, T> train)
    {
        var view = new TrainingView(mostEpochs);
        return console.Profile.Out.IsTerminal
            ? console.Live(new Text("")).AutoClear(true).Start(context => train(InPlace(view, context)))
            : train(epoch =>
            {
                view.Add(epoch);
                if (epoch.Epoch == 1 || epoch.Epoch % 10 == 0)
                    console.Profile.Out.Writer.WriteLine($"  {view.Line()}");
            });
    }

    private static Action<EpochRecord> InPlace(TrainingView view, LiveDisplayContext context)
    {
        long? shown = null;
        return epoch =>
        {
            view.Add(epoch);
            if (shown is { } last && Stopwatch.GetElapsedTime(last) < s_betweenFrames)
                return;
            shown = Stopwatch.GetTimestamp();
            context.UpdateTarget(new Text(string.Join('\n', [view.Line(), .. view.Curve(CurveWidth, CurveHeight)])));
        };
    }
}
