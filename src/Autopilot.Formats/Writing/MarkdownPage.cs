using System.Text;

namespace Autopilot.Formats.Writing;

/// <summary>
/// Markdown (CommonMark with GitHub's tables) for chats and files. Every text given to it is foreign and is escaped; marks come of its own
/// members alone. It makes no link, no image and no HTML.
/// </summary>
public sealed class MarkdownPage
{
    // As long as an address can be: one that is cut cannot be followed.
    private const int MaxCode = 16 * 1024;

    private readonly StringBuilder _text = new();
    private bool _followsItem;

    /// <summary>A heading; level 1 to 6.</summary>
    public void Heading(int level, string text) => Block($"{new string('#', level)} {MarkdownText.Escaped(text).Trim()}");

    /// <summary>A paragraph; nothing for an empty one.</summary>
    public void Paragraph(string? text)
    {
        if (MarkdownText.Escaped(text).Trim() is { Length: > 0 } escaped)
        {
            Block(escaped);
        }
    }

    /// <summary>A paragraph that begins with a word in bold.</summary>
    public void Labelled(string label, string? text) => Block(Strong(label, text));

    /// <summary>An item of a list that begins with a word in bold.</summary>
    public void Item(string label, string? text)
    {
        // Items of one list follow each other without a gap.
        if (!_followsItem)
        {
            Gap();
        }

        _text.Append("- ").Append(Strong(label, text)).Append('\n');
        _followsItem = true;
    }

    /// <summary>A paragraph that begins with a word in bold and ends in code, to be copied as it is.</summary>
    public void Code(string label, string code) => Block($"{Strong(label, null)} {MarkdownText.Code(code, MaxCode)}");

    /// <summary>
    /// The omitted parts, each in a paragraph; what ends in a colon leads to the address of the next page, where there is one.
    /// </summary>
    public void LeftOut(IEnumerable<string> sentences, string? next)
    {
        foreach (var sentence in sentences)
        {
            if (next is not null && sentence.EndsWith(':'))
            {
                Code(sentence, next);
            }
            else
            {
                Paragraph(sentence);
            }
        }
    }

    /// <summary>A table.</summary>
    /// <param name="titles">Headings of the columns; those that begin with <c>&gt;</c> are aligned right, as figures are.</param>
    /// <param name="rows">Cells.</param>
    public void Table(IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string>> rows)
    {
        Gap();
        Row(titles.Select(title => title.TrimStart('>')));
        _text.Append("| ").AppendJoin(" | ", titles.Select(title => title.StartsWith('>') ? "---:" : "---")).Append(" |\n");
        foreach (var row in rows)
        {
            Row(row);
        }

        void Row(IEnumerable<string> cells) =>
            _text.Append("| ").AppendJoin(" | ", cells.Select(cell => MarkdownText.Escaped(cell).Trim())).Append(" |\n");
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>The page as UTF-8.</summary>
    public ReadOnlyMemory<byte> ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    private static string Strong(string label, string? text)
    {
        var (bold, rest) = (MarkdownText.Escaped(label).Trim(), MarkdownText.Escaped(text).Trim());
        return bold.Length == 0 ? rest
            : rest.Length == 0 ? $"**{bold}**"
            : $"**{bold}** {rest}";
    }

    private void Block(string text)
    {
        Gap();
        _text.Append(text).Append('\n');
    }

    private void Gap()
    {
        _followsItem = false;
        if (_text.Length > 0)
        {
            _text.Append('\n');
        }
    }
}
