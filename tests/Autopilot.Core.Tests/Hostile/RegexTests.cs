using System.Text.RegularExpressions;

namespace Autopilot.Core.Tests.Hostile;

/// <summary>
/// Every regular expression of the product is compiled at build time, stands in this list, and is known for what it meets.
/// </summary>
public sealed partial class RegexTests
{
    /// <summary>
    /// Each with whether it meets text that a stranger wrote; those that do are held against megabytes of the worst by the tests of their
    /// project.
    /// </summary>
    private static readonly Dictionary<string, bool> Known = new()
    {
        ["Autopilot.Cce/Responses/Redactor.cs AccessKeyId"] = true,
        ["Autopilot.Cce/Responses/Redactor.cs Blank"] = true,
        ["Autopilot.Cce/Responses/Redactor.cs LongRun"] = true,
        ["Autopilot.Cce/Responses/Redactor.cs NamedSecret"] = true,
        ["Autopilot.Cce/Responses/Redactor.cs RequestLineEnd"] = true,
        ["Autopilot.Cce/Responses/Redactor.cs Words"] = true,
        ["Autopilot.Cce/Settings/CceSettings.cs PrefixForm"] = false,
        ["Autopilot.Cce/Settings/CceSettings.cs RegionForm"] = false,
        ["Autopilot.Cce/Throttling/ThrottleText.cs Form"] = true,
        // The words of the operator's own command line.
        ["Autopilot.CommandLine/UnknownWord.cs Option"] = false,
        ["Autopilot.Storage/Settings/StorageSettings.cs AccountForm"] = false,
        ["Autopilot.Storage/Settings/StorageSettings.cs PrefixForm"] = false,
        ["Autopilot.Storage/Settings/StorageSettings.cs QueueForm"] = false,
    };

    [Fact]
    public void Every_regular_expression_is_generated_and_known_for_what_it_meets()
    {
        var (found, made) = (new List<string>(), new List<string>());
        foreach (var (path, text) in Sources())
        {
            found.AddRange(Generated().Matches(text).Select(match => $"{path} {match.Groups[1].Value}"));
            if (Made().IsMatch(text))
            {
                made.Add(path);
            }
        }

        Assert.Empty(made);
        Assert.Equal(Known.Keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        // A stranger's text comes in by upstream's answers; nothing else of it meets a pattern.
        Assert.All(Known.Where(one => one.Value), one => Assert.StartsWith("Autopilot.Cce/", one.Key, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Path, string Text)> Sources()
    {
        var source = Repository.PathOf("src");
        return Directory
            .EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: Path.GetRelativePath(source, path).Replace('\\', '/'), Full: path))
            .Where(one => !one.Path.Contains("/obj/", StringComparison.Ordinal) && !one.Path.Contains("/bin/", StringComparison.Ordinal))
            .Select(one => (one.Path, File.ReadAllText(one.Full)));
    }

    [GeneratedRegex(@"\[GeneratedRegex\((?:(?!\[GeneratedRegex)[\s\S])*?static partial Regex (\w+)\(")]
    private static partial Regex Generated();

    [GeneratedRegex(@"new Regex\(|\bRegex\.(?:IsMatch|Match|Matches|Replace|Split|Count|EnumerateMatches)\(")]
    private static partial Regex Made();
}
