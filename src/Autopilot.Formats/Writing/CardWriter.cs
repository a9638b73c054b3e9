using System.Text.Json;

namespace Autopilot.Formats.Writing;

/// <summary>
/// Writes an Adaptive Card 1.5. All of its text is in text runs, which have no markdown, so that a name cannot become a link. An invisible
/// blank breaks up what clients recognise in plain text nevertheless. The only actions are the links that <see cref="Links"/> is given.
/// </summary>
public sealed class CardWriter
{
    /// <summary>The media type of a card within a message.</summary>
    public const string AttachmentType = "application/vnd.microsoft.card.adaptive";

    /// <summary>Teams accepts less than 28 KB, counted in bytes of the whole message; a larger one is dropped silently.</summary>
    public const int MaxBytes = 28 * 1024 - 1;

    private readonly Utf8JsonWriter _json;
    private readonly long _start;

    private CardWriter(Utf8JsonWriter json) => (_json, _start) = (json, Written(json));

    /// <summary>A card that stands by itself, whole.</summary>
    /// <param name="body">Writes the blocks.</param>
    /// <param name="fallback">What a client says that knows no such cards.</param>
    public static ReadOnlyMemory<byte> ToBytes(Action<CardWriter> body, string fallback) =>
        JsonBytes.Write(json => Write(json, body, fallback));

    /// <summary>Writes a card as one JSON value.</summary>
    /// <param name="json">Where a value may stand.</param>
    /// <param name="body">Writes the blocks.</param>
    /// <param name="fallback">What a client says that knows no such cards; nothing where null.</param>
    /// <param name="wide">Whether Teams is to show it as wide as a message: its own member, which the schema of cards does not
    /// know.</param>
    public static void Write(Utf8JsonWriter json, Action<CardWriter> body, string? fallback = null, bool wide = false)
    {
        json.WriteStartObject();
        json.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        json.WriteString("type", "AdaptiveCard");
        json.WriteString("version", "1.5");
        if (fallback is not null)
        {
            // Of all texts of a card this one may be read as Markdown.
            json.WriteString(
                "fallbackText",
                Defused(fallback).Replace("](", "]\u200B(", StringComparison.Ordinal).Replace("][", "]\u200B[", StringComparison.Ordinal)
            );
        }

        if (wide)
        {
            json.WriteStartObject("msteams");
            json.WriteString("width", "Full");
            json.WriteEndObject();
        }

        json.WriteStartArray("body");
        body(new CardWriter(json));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A paragraph made of runs.</summary>
    /// <param name="runs">Its runs; a card without any is not valid.</param>
    /// <param name="spacing"><c>Small</c>, <c>Medium</c> and so on, as the schema says; the client's own where null.</param>
    public void Block(IEnumerable<CardText> runs, string? spacing = null) => Write(_json, runs, spacing);

    /// <summary>A paragraph, where the card stays under <see cref="MaxBytes"/> with it; false, and nothing written, where not.</summary>
    /// <param name="runs">Its runs; a card without any is not valid.</param>
    /// <param name="spacing">As of <see cref="Block(IEnumerable{CardText}, string?)"/>.</param>
    /// <param name="reserve">Bytes that must stay free for what comes after it.</param>
    public bool TryBlock(IEnumerable<CardText> runs, string? spacing = null, int reserve = 0)
    {
        var block = JsonBytes.Write(json => Write(json, runs, spacing));
        // The comma before it, and what closes the card.
        if (Written(_json) - _start + block.Length + reserve + 256 > MaxBytes)
        {
            return false;
        }

        _json.WriteRawValue(block.Span, skipInputValidation: true);
        return true;
    }

    /// <summary>A paragraph of one run.</summary>
    public void Block(CardText run, string? spacing = null) => Block([run], spacing);

    /// <summary>A label in bold and what it stands for.</summary>
    public void Labelled(string label, string value, string? spacing = null) =>
        Block([new($"{label}: ") { Bold = true }, new(value)], spacing);

    /// <summary>Buttons that open an address. Neither a title nor an address may hold foreign text.</summary>
    /// <param name="links">At least one; a client shows up to six.</param>
    public void Links(IEnumerable<(string Title, Uri Url)> links)
    {
        _json.WriteStartObject();
        _json.WriteString("type", "ActionSet");
        _json.WriteStartArray("actions");
        foreach (var (title, url) in links)
        {
            _json.WriteStartObject();
            _json.WriteString("type", "Action.OpenUrl");
            _json.WriteString("title", title);
            _json.WriteString("url", url.AbsoluteUri);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    /// <summary>A table whose first row is its heading.</summary>
    /// <param name="columns">At least one.</param>
    /// <param name="rows">Below the heading; each with a cell for each column.</param>
    public void Table(IReadOnlyList<CardColumn> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        _json.WriteStartObject();
        _json.WriteString("type", "Table");
        _json.WriteBoolean("showGridLines", false);
        _json.WriteStartArray("columns");
        foreach (var column in columns)
        {
            _json.WriteStartObject();
            _json.WriteNumber("width", column.Width);
            if (column.Figures)
            {
                _json.WriteString("horizontalCellContentAlignment", "Right");
            }

            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteStartArray("rows");
        Row([.. columns.Select(column => column.Title)], bold: true);
        foreach (var row in rows)
        {
            Row(row, bold: false);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();

        void Row(IReadOnlyList<string> cells, bool bold)
        {
            _json.WriteStartObject();
            _json.WriteString("type", "TableRow");
            _json.WriteStartArray("cells");
            foreach (var cell in cells)
            {
                _json.WriteStartObject();
                _json.WriteString("type", "TableCell");
                _json.WriteStartArray("items");
                // An empty run is refused by some clients.
                Block(new CardText(cell.Length == 0 ? "–" : cell) { Bold = bold });
                _json.WriteEndArray();
                _json.WriteEndObject();
            }

            _json.WriteEndArray();
            _json.WriteEndObject();
        }
    }

    /// <summary>Links, mentions and date functions are recognised by these signs in plain text too.</summary>
    public static string Defused(string text) =>
        text.Replace("://", ":\u200B//", StringComparison.Ordinal)
            .Replace("www.", "www\u200B.", StringComparison.OrdinalIgnoreCase)
            .Replace("mailto:", "mailto\u200B:", StringComparison.OrdinalIgnoreCase)
            .Replace("{{", "{\u200B{", StringComparison.Ordinal)
            .Replace("@{", "@\u200B{", StringComparison.Ordinal)
            .Replace("${", "$\u200B{", StringComparison.Ordinal)
            .Replace("<", "<\u200B", StringComparison.Ordinal);

    private static long Written(Utf8JsonWriter json) => json.BytesCommitted + json.BytesPending;

    private static void Write(Utf8JsonWriter json, IEnumerable<CardText> runs, string? spacing)
    {
        json.WriteStartObject();
        json.WriteString("type", "RichTextBlock");
        if (spacing is not null)
        {
            json.WriteString("spacing", spacing);
        }

        json.WriteStartArray("inlines");
        foreach (var run in runs)
        {
            Write(json, run);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>
    /// An address of ours as it can be followed: a path, or an absolute one of http or https, of the letters of an address. Foreign text in
    /// its path and query is encoded. A client would still find the name of a site there, so its dot is encoded as well. Null for anything
    /// else.
    /// </summary>
    private static string? Address(string text)
    {
        if (
            !text.All(letter =>
                letter
                    is > ' '
                        and < '\u007F'
                        and not ('<' or '>' or '"' or '{' or '}' or '[' or ']' or '(' or ')' or '\\' or '^' or '`' or '|' or '$' or '@')
            )
        )
        {
            return null;
        }

        var path =
            text.StartsWith('/') ? 0
            : text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal)
                ? text.IndexOf('/', 8)
            : -1;
        return path < 0
            ? null
            : string.Concat(text.AsSpan(0, path), text[path..].Replace("www.", "www%2E", StringComparison.OrdinalIgnoreCase));
    }

    private static void Write(Utf8JsonWriter json, CardText run)
    {
        json.WriteStartObject();
        json.WriteString("type", "TextRun");
        json.WriteString("text", (run.IsAddress ? Address(run.Text) : null) ?? Defused(run.Text));
        if (run.Bold)
        {
            json.WriteString("weight", "Bolder");
        }

        if (run.Size is not null)
        {
            json.WriteString("size", run.Size);
        }

        if (ColorOf(run.Severity) is { } color)
        {
            json.WriteString("color", color);
        }

        if (run.Subtle)
        {
            json.WriteBoolean("isSubtle", true);
        }

        json.WriteEndObject();
    }

    private static string? ColorOf(Severity severity) =>
        severity switch
        {
            Severity.Good => "Good",
            Severity.Careful => "Warning",
            Severity.Bad => "Attention",
            _ => null,
        };
}
