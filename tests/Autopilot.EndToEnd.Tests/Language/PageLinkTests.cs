namespace Autopilot.EndToEnd.Tests.Language;

/// <summary>Pages refer to each other by section, so that a heading cannot be renamed alone.</summary>
public sealed class PageLinkTests
{
    [Fact]
    public void Every_link_of_a_page_leads_to_a_file_and_a_heading()
    {
        var pages = Directory
            .EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .ToList();

        var broken = pages.SelectMany(page =>
            PageLinks
                .Broken(page, File.ReadAllText(page), File.ReadAllText, path => File.Exists(path) || Directory.Exists(path))
                .Select(link => $"{Path.GetRelativePath(Repository.Root, page)}: {link}")
        );

        Assert.True(pages.Count > 10, "The pages were not found.");
        Assert.Empty(broken);
    }

    [Fact]
    public void A_link_without_a_file_or_a_heading_is_found()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Path.GetFullPath("/docs/a.md")] = """
                # `GET /api/a`, and more

                [good](b.md#a-part) [same](#get-apia-and-more) [away](https://example.com/x#y) [no file](c.md) [no part](b.md#part) [none](#more)

                ```
                [in code](d.md)
                ```
                """,
            [Path.GetFullPath("/docs/b.md")] = "## A part\n",
        };
        var page = Path.GetFullPath("/docs/a.md");

        Assert.Equal(["c.md", "b.md#part", "#more"], PageLinks.Broken(page, files[page], files.GetValueOrDefault, files.ContainsKey));
    }

    [Fact]
    public void Equal_headings_have_numbered_anchors() =>
        Assert.Equal(["part", "part-1", "part-2"], PageLinks.Anchors("# Part\n## Part\n### [Part](x.md)\n").Order(StringComparer.Ordinal));
}
