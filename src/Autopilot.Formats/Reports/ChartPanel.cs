using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>One of the charts in a picture, with a title and a legend. Sizes are in the picture's own units.</summary>
internal abstract class ChartPanel
{
    /// <summary>Of the picture: narrow enough that 15 are still read when it is shown at 400 pixels.</summary>
    public const double Width = 640;

    public const double Margin = 20;

    /// <summary>Where plots begin: to the left of it stand the numbers of the axis.</summary>
    protected const double PlotLeft = 80;

    /// <summary>Of a letter at 15, rather too much than too little.</summary>
    public const double LetterWidth = 8.2;

    private const double LegendLine = 24;

    public abstract string Title { get; }

    /// <summary>The figures as text, for screen readers.</summary>
    public abstract string Description { get; }

    public abstract double Height { get; }

    public abstract void Draw(SvgWriter svg, double top);

    /// <summary>How wide a text at 15 is at most, as far as one can know without the font.</summary>
    public static double WidthOf(string text) => TextWidth.Of(text) * LetterWidth;

    /// <summary>A name of others, cut to the room of so many letters.</summary>
    public static string Cut(string? name, int letters) => TextWidth.Cut(ReportPhrases.Name(name), letters);

    /// <summary>A duration in at most ten letters.</summary>
    protected static string Short(double seconds) =>
        ReportPhrases.Duration(
            seconds switch
            {
                >= 36_000 and < 86_400 => seconds - seconds % 3600,
                >= 600 and < 3600 => seconds - seconds % 60,
                _ => seconds,
            }
        );

    /// <summary>Draws title and legend; returns where the plot may begin.</summary>
    protected double DrawHead(SvgWriter svg, double top, IReadOnlyList<LegendEntry> legend)
    {
        svg.Text(Margin, top + 22, Title, "head");
        var (x, y) = (Margin, top + 48);
        foreach (var entry in legend)
        {
            var width = EntryWidth(entry);
            if (x > Margin && x + width > Width - Margin)
            {
                (x, y) = (Margin, y + LegendLine);
            }

            if (entry.Class is not null)
            {
                svg.Rectangle(x, y - 11, 16, 12, entry.Class);
            }

            entry.Mark?.Invoke(svg, x, y - 5);
            svg.Text(x + entry.SwatchWidth, y, entry.Text, "text");
            x += width;
        }

        return y + 24;
    }

    /// <summary>How much <see cref="DrawHead"/> takes.</summary>
    protected static double HeadHeight(IReadOnlyList<LegendEntry> legend)
    {
        var (x, lines) = (Margin, 1);
        foreach (var entry in legend)
        {
            var width = EntryWidth(entry);
            if (x > Margin && x + width > Width - Margin)
            {
                (x, lines) = (Margin, lines + 1);
            }

            x += width;
        }

        return 48 + (lines - 1) * LegendLine + 24;
    }

    private static double EntryWidth(LegendEntry entry) => entry.SwatchWidth + WidthOf(entry.Text) + 18;
}
