using Autopilot.Core.Reporting;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>An outlook as an Adaptive Card. What does not fit into the size that clients take is left out, and the card says so.</summary>
public static class OutlookCard
{
    /// <summary>Rows of each table, from all that a card is made for down to none, which always fits.</summary>
    private static readonly int[] Extents = [10, 7, 5, 3, 1, 0];

    /// <summary>The whole card, under <see cref="CardWriter.MaxBytes"/> whatever is in the outlook.</summary>
    public static ReadOnlyMemory<byte> Write(UpgradeOutlook outlook)
    {
        var view = OutlookView.Of(outlook);
        ReadOnlyMemory<byte> card = default;
        foreach (var most in Extents)
        {
            card = CardWriter.ToBytes(writer => Body(writer, view, most), view.Headline);
            if (card.Length <= CardWriter.MaxBytes)
            {
                break;
            }
        }

        return card;
    }

    private static void Body(CardWriter card, OutlookView view, int most)
    {
        card.Block(new CardText(view.Headline) { Bold = true, Size = "Medium" });
        foreach (var part in view.Parts)
        {
            card.Block(new CardText(part.Title) { Bold = true }, spacing: "Medium");
            card.Block(new CardText(part.Says), spacing: "Small");
            if (part.Shown(most) is { Count: > 0 } rows)
            {
                card.Table([.. part.Columns.Select(column => new CardColumn(column.Title, column.Width, column.Figures))], rows);
            }

            if (part.Note is { } note)
            {
                card.Block(new CardText(note) { Subtle = true }, spacing: "Small");
            }
        }

        List<string> foot = [.. view.Facts.Select(fact => $"{fact.Label}: {fact.Text}")];
        if (view.Parts.Select(part => part.LeftOut(most)).OfType<string>().ToList() is { Count: > 0 } left)
        {
            foot.Add($"Left out here: {string.Join(", ", left)}.");
        }

        card.Block(new CardText(string.Join(' ', foot)) { Size = "Small", Subtle = true });
    }
}
