using System.Globalization;
using System.Text;
using System.Xml;

namespace Autopilot.Formats.Writing;

/// <summary>
/// Writes a picture as SVG that stands by itself. It has text alternatives for screen readers, and colours for a light and a dark
/// background. It has no script, no link and nothing from elsewhere. Every text is escaped by the XML writer, and characters that XML
/// cannot hold are left out.
/// </summary>
public sealed class SvgWriter : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly XmlWriter _xml;

    /// <param name="width">In pixels, where the page sets no other size.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="title">What it is, as a short phrase.</param>
    /// <param name="description">What it shows, in sentences that stand for it.</param>
    /// <param name="style">A constant of ours: never made of foreign text.</param>
    /// <param name="scale">Pixels per unit, where the page sets no other size.</param>
    public SvgWriter(double width, double height, string title, string description, string style, double scale = 1)
    {
        _xml = XmlWriter.Create(
            _bytes,
            new XmlWriterSettings
            {
                Encoding = new UTF8Encoding(false),
                OmitXmlDeclaration = true,
                Indent = true,
                NewLineChars = "\n",
            }
        );
        _xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        _xml.WriteAttributeString("viewBox", $"0 0 {Number(width)} {Number(height)}");
        _xml.WriteAttributeString("width", Number(width * scale));
        _xml.WriteAttributeString("height", Number(height * scale));
        _xml.WriteAttributeString("role", "img");
        _xml.WriteAttributeString("aria-labelledby", "title description");
        Element("title", title, ("id", "title"));
        Element("desc", description, ("id", "description"));
        Element("style", style);
    }

    /// <summary>A number as SVG wants it: two decimals at most.</summary>
    public static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>An element with text or without; attributes without a value are left out.</summary>
    public void Element(string name, string? text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(name, attributes);
        if (text is not null)
        {
            _xml.WriteString(Valid(text));
        }

        End();
    }

    /// <summary>Opens an element that holds others.</summary>
    public void Start(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _xml.WriteStartElement(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is not null)
            {
                _xml.WriteAttributeString(attribute, Valid(value));
            }
        }
    }

    /// <summary>Closes the innermost open element.</summary>
    public void End() => _xml.WriteEndElement();

    /// <summary>A rectangle with a name that a pointer and a screen reader find.</summary>
    public void Rectangle(double x, double y, double width, double height, string @class, string? name = null)
    {
        Start(
            "rect",
            ("x", Number(x)),
            ("y", Number(y)),
            ("width", Number(Math.Max(0, width))),
            ("height", Number(Math.Max(0, height))),
            ("class", @class)
        );
        if (name is not null)
        {
            Element("title", name);
        }

        End();
    }

    /// <summary>A line of text; <paramref name="anchor"/> is <c>start</c>, <c>middle</c> or <c>end</c>.</summary>
    public void Text(double x, double y, string text, string @class, string anchor = "start") =>
        Element("text", text, ("x", Number(x)), ("y", Number(y)), ("class", @class), ("text-anchor", anchor == "start" ? null : anchor));

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string @class) =>
        Element("line", null, ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)), ("class", @class));

    /// <summary>The whole picture; nothing may be written after.</summary>
    public ReadOnlyMemory<byte> ToBytes()
    {
        _xml.WriteEndDocument();
        _xml.Flush();
        return _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _xml.Dispose();
        _bytes.Dispose();
    }

    private static string Valid(string text)
    {
        var valid = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\t' or '\n' or (>= 0x20 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD) or >= 0x10000)
            {
                valid.Append(rune.ToString());
            }
        }

        return valid.ToString();
    }
}
