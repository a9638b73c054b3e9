using Spectre.Console;

namespace Autopilot.Cli;

/// <summary>The terminal, or what stands for it in a pipe.</summary>
internal static class Screen
{
    private const int PipeWidth = 120;

    /// <summary>A console that draws on the output, without colours in a pipe and with <c>NO_COLOR</c>.</summary>
    public static IAnsiConsole Of(TextWriter output)
    {
        var isPlain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(output),
                Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
                ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            }
        );
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = ColumnsOf(Environment.GetEnvironmentVariable("COLUMNS"));
        }

        return console;
    }

    private static int ColumnsOf(string? text) => int.TryParse(text, out var columns) ? Math.Clamp(columns, 20, 400) : PipeWidth;
}
