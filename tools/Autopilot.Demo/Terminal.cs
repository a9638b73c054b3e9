using System.Globalization;
using System.Text;

namespace Autopilot.Demo;

/// <summary>Writes lines that fit the terminal, at most 100 columns, in colour where that is welcome.</summary>
internal sealed class Terminal(TextWriter writer, bool colours)
{
    private const int Widest = 100,
        Narrowest = 40;

    private readonly Lock _gate = new();

    /// <summary>
    /// Columns of a line: those of the terminal at this moment, 40 to 100. Where the output is no terminal, <c>COLUMNS</c> says it.
    /// </summary>
    public static int Width => Math.Clamp(Columns(), Narrowest, Widest);

    /// <summary>Colours go to a person's terminal only, and not with NO_COLOR (no-color.org).</summary>
    public static bool ShowsColours() =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public void Line(string text = "")
    {
        lock (_gate)
        {
            writer.WriteLine(text);
            writer.Flush();
        }
    }

    /// <summary>Lines that stay together.</summary>
    public void Lines(params string[] lines)
    {
        lock (_gate)
        {
            foreach (var line in lines)
            {
                Line(line);
            }
        }
    }

    /// <summary>A text behind a beginning, broken between words and continued below itself.</summary>
    /// <param name="start">Stands on the first line; it may hold codes of colours, which take no column.</param>
    /// <param name="columns">Columns of the beginning.</param>
    public void Hanging(string start, int columns, string text)
    {
        var first = true;
        foreach (var line in Wrap(text, Math.Max(Width - columns, Narrowest / 2)).DefaultIfEmpty(""))
        {
            Line((first ? start : new string(' ', columns)) + line);
            first = false;
        }
    }

    public string Dim(string text) => Paint(text, "2");

    public string Bold(string text) => Paint(text, "1");

    /// <summary>Green for what is fine, red for what needs a person, yellow for what waits.</summary>
    public string PaintAssessment(string padded) =>
        Paint(
            padded,
            padded.TrimEnd() switch
            {
                "Completed" or "Progressing" => "32",
                "Blocked" or "Stalled" or "Gone" or "RollingBack" => "31",
                _ => "33",
            }
        );

    internal static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    private static int Columns()
    {
        try
        {
            if (!Console.IsOutputRedirected && Console.WindowWidth > 0)
            {
                return Console.WindowWidth;
            }
        }
        catch (IOException)
        {
            // A terminal that does not say it.
        }

        return int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
            ? columns
            : Widest;
    }

    private string Paint(string text, string code) => colours ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
