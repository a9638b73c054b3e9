using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using CsCheck;
using Markdig;
using Markdig.Extensions.Abbreviations;
using Markdig.Extensions.Footnotes;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Autopilot.Formats.Tests.Writing;

/// <summary>Hostile names, and what must never become of them.</summary>
internal static class Hostile
{
    private static readonly MarkdownPipeline Everything = new MarkdownPipelineBuilder()
        .UseAdvancedExtensions()
        .UseAutoLinks()
        .UseEmojiAndSmiley()
        .UseSmartyPants()
        .Build();

    /// <inheritdoc cref="HostileText.Any"/>
    public static Gen<string> Text => HostileText.Any;

    /// <summary>
    /// By a whole reader of Markdown with every extension: no link, image, HTML, code block or heading but the page's own.
    /// </summary>
    public static void AssertMarkdown(string markdown)
    {
        AssertPrintable(markdown, "\n\u200B");
        var document = Markdown.Parse(markdown, Everything);
        foreach (var part in document.Descendants())
        {
            Assert.False(
                part
                    is LinkInline
                        or AutolinkInline
                        or HtmlInline
                        or HtmlBlock
                        or CodeBlock
                        or QuoteBlock
                        or ThematicBreakBlock
                        or LinkReferenceDefinition
                        or FootnoteLink
                        or Footnote
                        or AbbreviationInline
                        or Markdig.Extensions.Mathematics.MathInline
                        or Markdig.Extensions.CustomContainers.CustomContainer,
                $"{part.GetType().Name} in:\n{markdown}"
            );
            if (part is HeadingBlock heading)
            {
                Assert.Equal((0, false), (heading.Line, heading.IsSetext));
            }

            if (part is EmphasisInline emphasis)
            {
                Assert.Equal(('*', 2), (emphasis.DelimiterChar, emphasis.DelimiterCount));
            }
        }

        // A cell more or less would shift what all others say.
        Assert.All(
            document.Descendants<Table>(),
            table => Assert.All(table.OfType<TableRow>(), row => Assert.Equal(((TableRow)table[0]).Count, row.Count))
        );
        Assert.InRange(document.Descendants<Table>().Count(), 0, 1);
    }

    /// <summary>A card of text alone: what may be in one is listed here, so that nothing else can be.</summary>
    /// <param name="card">The card.</param>
    /// <param name="addresses">Addresses that are no foreign text: a run may be one of them, and none may hold one.</param>
    public static void AssertCard(ReadOnlyMemory<byte> card, params IReadOnlyCollection<string> addresses)
    {
        Assert.InRange(card.Length, 100, 28 * 1024 - 1);
        using var document = JsonDocument.Parse(card);
        var root = document.RootElement;
        Assert.Equal(["$schema", "type", "version", "fallbackText", "body"], root.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("AdaptiveCard", "1.5"), (root.GetProperty("type").GetString(), root.GetProperty("version").GetString()));
        AssertSaid(root.GetProperty("fallbackText"));
        var fallback = Markdown.Parse(root.GetProperty("fallbackText").GetString()!, Everything);
        Assert.All(fallback.Descendants(), part => Assert.False(part is LinkInline or AutolinkInline or HtmlInline or HtmlBlock));
        foreach (var block in root.GetProperty("body").EnumerateArray())
        {
            Assert.All(block.EnumerateObject(), member => Assert.Contains(member.Name, new[] { "type", "spacing", "inlines" }));
            Assert.Equal("RichTextBlock", block.GetProperty("type").GetString());
            Assert.NotEqual(0, block.GetProperty("inlines").GetArrayLength());
            foreach (var run in block.GetProperty("inlines").EnumerateArray())
            {
                Assert.All(
                    run.EnumerateObject(),
                    member => Assert.Contains(member.Name, new[] { "type", "text", "weight", "size", "color", "isSubtle" })
                );
                Assert.Equal("TextRun", run.GetProperty("type").GetString());
                if (!addresses.Contains(run.GetProperty("text").GetString()!))
                {
                    AssertSaid(run.GetProperty("text"));
                }
            }
        }
    }

    /// <summary>Text for any terminal: nothing that moves it, and no line over 80 columns but an address.</summary>
    public static void AssertText(string text)
    {
        AssertPrintable(text, "\n");
        // An address that is broken cannot be followed.
        Assert.All(
            text.Split('\n'),
            line => Assert.True(Formats.Writing.TextWidth.Of(line) <= 80 || IsAddress(line), $"Over 80 columns: {line}")
        );

        static bool IsAddress(string line) =>
            (line.StartsWith('/') || line.StartsWith("http", StringComparison.Ordinal))
            && line.All(letter => letter is > ' ' and < '\u007F');
        Assert.DoesNotContain("\n\n\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }

    /// <summary>A picture of shapes and text alone.</summary>
    public static void AssertPicture(XDocument picture)
    {
        Assert.All(
            picture.Descendants(),
            element =>
            {
                Assert.Equal("http://www.w3.org/2000/svg", element.Name.NamespaceName);
                Assert.Contains(
                    element.Name.LocalName,
                    new[] { "svg", "title", "desc", "style", "defs", "pattern", "rect", "line", "path", "text", "tspan" }
                );
                Assert.All(
                    element.Attributes(),
                    attribute =>
                        Assert.Contains(
                            attribute.Name.ToString(),
                            new[]
                            {
                                "xmlns",
                                "viewBox",
                                "width",
                                "height",
                                "role",
                                "aria-labelledby",
                                "id",
                                "class",
                                "x",
                                "y",
                                "x1",
                                "y1",
                                "x2",
                                "y2",
                                "dx",
                                "d",
                                "text-anchor",
                                "patternUnits",
                                "patternTransform",
                            }
                        )
                );
                // No attribute is made of foreign words.
                Assert.All(element.Attributes(), attribute => Assert.DoesNotContain("evil", attribute.Value, StringComparison.Ordinal));
            }
        );
        Assert.Single(picture.Descendants(), element => element.Name.LocalName == "style");
        Assert.All(
            picture.Descendants().Where(element => !element.HasElements && element.Name.LocalName != "style"),
            element => AssertPrintable(element.Value, "")
        );
    }

    /// <summary>Nothing invisible that could end a line, or reorder or hide what is read, but what the format itself puts there.</summary>
    public static void AssertPrintable(string text, string allowed)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            Assert.False(
                Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                    && !allowed.Contains((char)rune.Value, StringComparison.Ordinal),
                $"U+{rune.Value:X4} in:\n{text}"
            );
        }
    }

    private static void AssertSaid(JsonElement text)
    {
        var said = text.GetString()!;
        Assert.NotEqual("", said);
        AssertPrintable(said, "\u200B");
        Assert.DoesNotContain("://", said, StringComparison.Ordinal);
        Assert.DoesNotContain("www.", said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("mailto:", said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("{{", said, StringComparison.Ordinal);
        Assert.DoesNotContain("<a", said, StringComparison.OrdinalIgnoreCase);
    }
}
