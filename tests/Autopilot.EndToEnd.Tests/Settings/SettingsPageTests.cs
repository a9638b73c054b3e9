using System.Text.RegularExpressions;
using Autopilot.EndToEnd.Tests.WireNames;

namespace Autopilot.EndToEnd.Tests.Settings;

/// <summary>
/// Holds <c>docs/settings.md</c> against the options: a row for each setting that a host reads, with the default and the range of the
/// code. <c>UPDATE_GOLDEN=1</c> writes those two columns;
/// what a setting means is written by people.
/// </summary>
public sealed partial class SettingsPageTests
{
    private static readonly string Page = Repository.PathOf("docs", "settings.md");

    [Fact]
    public void Every_setting_has_a_row_with_a_meaning_and_no_row_has_no_setting()
    {
        var rows = Row().Matches(File.ReadAllText(Page)).ToList();

        Assert.Equal(
            HostSettings.Names.Where(IsValue).Select(Plain).Distinct().Order(StringComparer.Ordinal),
            rows.Select(row => Plain(row.Groups["name"].Value)).Order(StringComparer.Ordinal)
        );
        Assert.All(rows, row => Assert.True(row.Groups["meaning"].Value.Length > 10, row.Value));
    }

    [Fact]
    public void Defaults_and_ranges_are_those_of_the_code()
    {
        var page = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var made = Row()
            .Replace(
                page,
                row =>
                {
                    var name = row.Groups["name"].Value;
                    var standard = HostSettings.Defaults.TryGetValue(name, out var value) ? $"`{value}`" : row.Groups["default"].Value;
                    var allowed = HostSettings.Allowed.TryGetValue(name, out var range) ? Cell(range) : row.Groups["allowed"].Value;
                    return $"| `{name}` | {standard} | {allowed} | {row.Groups["meaning"].Value} |";
                }
            );
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Page, made);
            page = made;
        }

        Assert.Equal(made, page);
    }

    /// <summary>A list of sections has no value of its own.</summary>
    private static bool IsValue(string name) =>
        !HostSettings.Names.Any(other => other.StartsWith($"{name}:N:", StringComparison.Ordinal))
        && !name.EndsWith(":Webhooks:N", StringComparison.Ordinal);

    private static string Plain(string name) => name.EndsWith(":N", StringComparison.Ordinal) ? name[..^2] : name;

    private static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("*", "\\*", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal);

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| (?<default>.*?) \| (?<allowed>.*?) \| (?<meaning>.*?) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
