using System.Text;
using Spectre.Console;

namespace BpTrainer.Examples.Tests.Shared;

/// <summary>A terminal that keeps what is written to it.</summary>
internal sealed class FakeTerminal : IAnsiConsoleOutput, IDisposable
{
    private readonly StringWriter _text = new();

    public FakeTerminal() => Writer = TextWriter.Synchronized(_text);

    public TextWriter Writer { get; }

    public bool IsTerminal => true;

    public int Width => 120;

    public int Height => 30;

    public void SetEncoding(Encoding encoding)
    {
    }

    public void Dispose() => _text.Dispose();

    // A synchronized writer is its own lock.
    public override string ToString()
    {
        lock (Writer)
            return _text.ToString();
    }

    /// <summary>A console on it.</summary>
    public IAnsiConsole Console() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = this,
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
    });
}
