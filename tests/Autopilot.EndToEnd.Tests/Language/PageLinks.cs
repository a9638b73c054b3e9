using System.Text.RegularExpressions;

namespace Autopilot.EndToEnd.Tests.Language;

/// <summary>Finds links of a page of Markdown that lead to no file or no heading.</summary>
internal static partial class PageLinks
{
    /// <summary>The links that lead nowhere, in their order.</summary>
    /// <param name="page">Full path of the page.</param>
    /// <param name="text">Its text.</param>
    /// <param name="read">The text of a file by its full path; null where there is none.</param>
    /// <param name="exists">Whether there is a file or a folder at a full path.</param>
    public static IEnumerable<string> Broken(string page, string text, Func<string, string?> read, Func<string, bool> exists)
    {
        foreach (var link in Links().Matches(Blocks().Replace(text, "")).Select(match => match.Groups[1].Value))
        {
            if (link.Contains("://", StringComparison.Ordinal))
            {
                continue;
            }

            var parts = link.Split('#', 2);
            var target = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, parts[0]));
            if (!exists(target))
            {
                yield return link;
            }
            else if (
                parts.Length == 2
                && target.EndsWith(".md", StringComparison.Ordinal)
                && !Anchors(target == page ? text : read(target)!).Contains(parts[1])
            )
            {
                yield return link;
            }
        }
    }

    /// <summary>The anchors of a page's headings, as GitHub makes them.</summary>
    public static IReadOnlySet<string> Anchors(string text)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var heading in Headings().Matches(Blocks().Replace(text, "")).Select(match => match.Groups[1].Value))
        {
            var words = LinkTargets().Replace(heading, "$1").Trim().ToLowerInvariant();
            var anchor = NotInAnchors().Replace(words, "").Replace(' ', '-');
            for (var copy = 1; !anchors.Add(copy == 1 ? anchor : $"{anchor}-{copy - 1}"); copy++) { }
        }

        return anchors;
    }

    [GeneratedRegex(@"^\s*```.*?^\s*```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkTargets();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
