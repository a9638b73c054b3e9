using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Autopilot.Core.Workflows;

namespace Autopilot.Pages.Html;

/// <summary>
/// Writes a part of a page. Every text and every value is encoded. Foreign text comes on one line, without anything invisible that could
/// reorder or hide what is read. Nothing inline can be written that a strict Content-Security-Policy refuses: no script, no style, no
/// handler.
/// </summary>
internal sealed class HtmlWriter
{
    /// <summary>Longest text, in characters: a page is no place for more.</summary>
    private const int MaxText = 16 * 1024;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _html = new(4096);
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element. An attribute without a value is left out; one with an empty value has its name alone.</summary>
    /// <exception cref="ArgumentException">An attribute that runs or styles something, or an address that is not one of ours.</exception>
    public HtmlWriter Start(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(element, attributes);
        _open.Push(element);
        return this;
    }

    /// <summary>Closes the innermost open element.</summary>
    public HtmlWriter End()
    {
        _html.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    /// <summary>An element without content, such as <c>img</c>.</summary>
    public HtmlWriter Void(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(element, attributes);
        return this;
    }

    /// <summary>An element with a text.</summary>
    public HtmlWriter Element(string element, string? text, params ReadOnlySpan<(string Name, string? Value)> attributes) =>
        Start(element, attributes).Text(text).End();

    /// <summary>A text on one line.</summary>
    public HtmlWriter Text(string? text)
    {
        if (text is { Length: > 0 })
        {
            _html.Append(Encoder.Encode(ForeignText.OneLine(text, MaxText)));
        }

        return this;
    }

    /// <summary>A text on several lines, each as a text: for what is shown as it came.</summary>
    public HtmlWriter Lines(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            _html.Append(Encoder.Encode(ForeignText.OneLine(line, MaxText))).Append('\n');
        }

        return this;
    }

    /// <summary>A link; another site does not learn from where.</summary>
    public HtmlWriter Link(string address, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start("a", [("href", address), ("rel", address.StartsWith('/') ? null : "noreferrer noopener"), .. attributes]);
        return Text(text).End();
    }

    /// <summary>
    /// A sentence that names a length of time which goes on: that part is marked, so that the page can count. Without a time since
    /// when, or where the part is not in it, it is the text alone.
    /// </summary>
    /// <param name="text">The sentence.</param>
    /// <param name="lasting">The length of time in it.</param>
    /// <param name="since">Since when; null where it stands still.</param>
    public HtmlWriter Counting(string text, string? lasting, DateTimeOffset? since)
    {
        var at = lasting is { Length: > 0 } && since is not null ? text.LastIndexOf(lasting, StringComparison.Ordinal) : -1;
        if (at < 0)
        {
            return Text(text);
        }

        return Text(text[..at]).Element("span", lasting, ("data-since", InstantText.Of(since!.Value))).Text(text[(at + lasting!.Length)..]);
    }

    /// <summary>What another writer has written.</summary>
    public HtmlWriter Append(HtmlWriter part)
    {
        _html.Append(part._html);
        return this;
    }

    /// <exception cref="InvalidOperationException">An element is still open.</exception>
    public override string ToString() =>
        _open.Count == 0 ? _html.ToString() : throw new InvalidOperationException($"<{_open.Peek()}> is open.");

    private void Tag(string element, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _html.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            if (value is null)
            {
                continue;
            }

            Check(name, value);
            _html.Append(' ').Append(name);
            if (value.Length > 0)
            {
                _html.Append("=\"").Append(Encoder.Encode(ForeignText.OneLine(value, MaxText))).Append('"');
            }
        }

        _html.Append('>');
    }

    private static void Check(string name, string value)
    {
        if (name is "style" || name.StartsWith("on", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"A page has no attribute '{name}'.", nameof(name));
        }

        if (
            name is "href" or "src" or "action"
            && !(
                value.StartsWith('/')
                && !value.StartsWith("//", StringComparison.Ordinal)
                && !value.Contains('\\', StringComparison.Ordinal)
            )
            && !value.StartsWith('#')
            && !value.StartsWith("https://", StringComparison.Ordinal)
        )
        {
            throw new ArgumentException($"'{name}' is no path and no https address.", nameof(value));
        }
    }
}
