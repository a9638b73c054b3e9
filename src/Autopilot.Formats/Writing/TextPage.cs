using System.Text;
using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Writing;

/// <summary>
/// Plain text for any terminal. No line but an address is wider than 80 columns, and there is no colour. Foreign text comes without
/// anything that moves a cursor or hides text.
/// </summary>
public sealed class TextPage
{
    /// <summary>Widest line, in columns.</summary>
    public const int Width = 80;

    /// <summary>Where what stands beside a label begins, in columns.</summary>
    public const int Indent = 14;

    private const int MaxText = 4096,
        MaxAddress = 16 * 1024;

    private readonly StringBuilder _text = new();
    private bool _hasGap;

    /// <summary>An empty line before what follows; never two in a row, and none at the beginning or the end.</summary>
    public void Gap()
    {
        _hasGap = _text.Length > 0;
    }

    /// <summary>A paragraph from the first column on, broken between words; nothing for an empty one.</summary>
    public void Paragraph(string text)
    {
        foreach (var line in TextWidth.Wrap(Plain(text), Width))
        {
            Append(line);
        }
    }

    /// <summary>An address on a line of its own, however long: one that is broken cannot be followed. Nothing for null.</summary>
    public void Address(string? address)
    {
        if (
            address is { Length: <= MaxAddress }
            && (address.StartsWith('/') || address.StartsWith("http", StringComparison.Ordinal))
            && address.All(letter => letter is > ' ' and < '\u007F')
        )
        {
            Append(address);
        }
        else
        {
            Paragraph(address ?? "");
        }
    }

    /// <summary>
    /// The omitted parts, below an empty line: each in a paragraph, and the address of the next page, where there is one.
    /// </summary>
    public void LeftOut(IEnumerable<string> sentences, string? next)
    {
        Gap();
        foreach (var sentence in sentences)
        {
            Paragraph(sentence);
        }

        Address(next);
    }

    /// <summary>A label in the first columns, cut where it is too long, and a paragraph beside it.</summary>
    public void Labelled(string label, string? text)
    {
        var first = true;
        foreach (var line in TextWidth.Wrap(Plain(text), Width - Indent))
        {
            // A blank at least keeps the two apart.
            Append(TextWidth.Fit(first ? TextWidth.Cut(Plain(label), Indent - 1) : "", Indent) + line);
            first = false;
        }
    }

    /// <summary>A table: two blanks between columns that are as wide as their widest cell, and no wider than they may be.</summary>
    /// <exception cref="ArgumentException">The columns may be wider than the page.</exception>
    public void Table(IReadOnlyList<TextColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (columns.Sum(column => column.Most) + 2 * (columns.Count - 1) > Width)
        {
            throw new ArgumentException($"The columns may be wider than {Width} together.", nameof(columns));
        }

        var cells = rows.Select(row => row.Select(Plain).ToList()).ToList();
        var widths = columns
            .Select(
                (column, i) => Math.Min(column.Most, cells.Select(row => TextWidth.Of(row[i])).Append(TextWidth.Of(column.Title)).Max())
            )
            .ToList();
        Row([.. columns.Select(column => column.Title)]);
        foreach (var row in cells)
        {
            Row(row);
        }

        void Row(List<string> row) => Append(string.Join("  ", row.Select((cell, i) => TextWidth.Fit(cell, widths[i], columns[i].Right))));
    }

    /// <summary>A line of columns of given widths with a blank between them; what is wider is cut.</summary>
    public void Columns(params ReadOnlySpan<(string Text, int Width)> columns)
    {
        var line = new StringBuilder(Width);
        foreach (var (text, width) in columns)
        {
            line.Append(line.Length > 0 ? " " : "").Append(TextWidth.Fit(Plain(text), width));
        }

        Append(line.ToString());
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>The page as UTF-8.</summary>
    public ReadOnlyMemory<byte> ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    private static string Plain(string? text) => ForeignText.OneLine(text, MaxText) ?? "";

    private void Append(string line)
    {
        _text.Append(_hasGap ? "\n" : "").Append(line.TrimEnd()).Append('\n');
        _hasGap = false;
    }
}
