using System.Text;

namespace Autopilot.Demo;

/// <summary>Writes lines of at most 100 columns, in colour where that is welcome.</summary>
internal sealed class Terminal(TextWriter writer, bool colours)
{
    public const int Width = 100;

    private readonly Lock _gate = new();

    /// <summary>Colours go to a person's terminal only, and not against their wish (no-color.org).</summary>
    public static bool ShowsColours() =>
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public void Line(string text = "")
    {
        lock (_gate)
        {
            writer.WriteLine(text);
            writer.Flush();
        }
    }

    public string Dim(string text) => Paint(text, "2");

    public string Bold(string text) => Paint(text, "1");

    /// <summary>Green for what is fine, red for what needs somebody, yellow for what waits.</summary>
    public string PaintAssessment(string padded) => Paint(padded, padded.TrimEnd() switch
    {
        "Completed" or "Progressing" => "32",
        "Blocked" or "Stalled" or "Gone" or "RollingBack" => "31",
        _ => "33",
    });

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
            yield return line.ToString();
    }

    private string Paint(string text, string code) => colours ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
