using Microsoft.Extensions.Configuration;

namespace Autopilot.Core.Settings;

/// <summary>
/// The names of settings that are read. Finds the one that a misspelt name outside their sections stands for, without taking the
/// platform's own variables for misspelt ones.
/// </summary>
internal sealed class SettingNames
{
    /// <summary>What Azure, the Functions host, ASP.NET Core and OpenTelemetry read.</summary>
    private static readonly string[] PlatformPrefixes =
    [
        "APPLICATIONINSIGHTS",
        "APPSETTING_",
        "ASPNETCORE_",
        "AZURE",
        "DOTNET_",
        "FUNCTIONS_",
        "OTEL_",
        "WEBSITE_",
    ];

    private readonly HashSet<string> _exact;

    /// <summary>Full names by their letters, in which a misspelt name is compared with them.</summary>
    private readonly Dictionary<string, string> _byLetters = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _sections;

    /// <summary>Full names of what holds further settings, by their last part: <c>Webhooks</c> of <c>Notifications:Webhooks</c>.</summary>
    private readonly Dictionary<string, string> _inner = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="names">Full names of single settings.</param>
    /// <param name="lists">Full names of lists.</param>
    /// <param name="foreign">A section that also holds settings of the platform.</param>
    public SettingNames(IEnumerable<string> names, IEnumerable<string> lists, string foreign)
    {
        _exact = new(names.Concat(lists), StringComparer.OrdinalIgnoreCase);
        _sections = new(_exact.Where(name => name.Contains(':', StringComparison.Ordinal)).Select(First), StringComparer.OrdinalIgnoreCase);
        _sections.Remove(foreign);
        foreach (var name in _exact.Order(StringComparer.OrdinalIgnoreCase))
        {
            _byLetters.TryAdd(Letters(name), name);
            var parts = name.Split(':');
            for (var i = 1; i < parts.Length; i++)
            {
                if (i < parts.Length - 1 || lists.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    _inner.TryAdd(parts[i], string.Join(':', parts[..(i + 1)]));
                }
            }
        }
    }

    /// <summary>Whether a name is in a section of ours, so that it can only be meant for us.</summary>
    public bool HasSection(string setting) => setting.Contains(':', StringComparison.Ordinal) && _sections.Contains(First(setting));

    /// <summary>
    /// What a name outside our sections stands for. Null where it is near to none, or belongs to the platform. Also null where it is spelt
    /// with single underscores beside the setting itself, as variables of other programs are.
    /// </summary>
    public string? Meant(string setting, IConfiguration configuration)
    {
        if (PlatformPrefixes.Any(prefix => setting.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var (first, rest) = (First(setting), setting[First(setting).Length..]);
        if (SameLetters(setting) is { } same)
        {
            return string.IsNullOrWhiteSpace(configuration[same])
                ? $"{same} ({same.Replace(":", "__", StringComparison.Ordinal)} in the environment)"
                : null;
        }

        if (rest.Length > 0 && _inner.TryGetValue(first, out var holder))
        {
            return holder + rest;
        }

        var letters = Letters(setting);
        if (NearestName.Of(letters, _byLetters.Keys, Tolerance(letters)) is { } near && Alike(near, setting))
        {
            return WithEntry(_byLetters[near], setting);
        }

        return rest.Length > 0 && NearestName.Of(first, _sections, Tolerance(first)) is { } section && Alike(section, first)
            ? section + rest
            : null;
    }

    private string? SameLetters(string setting) =>
        setting.IndexOfAny(['_', '.']) >= 0 && _byLetters.TryGetValue(Letters(setting), out var name) ? WithEntry(name, setting) : null;

    /// <summary>The name with the number that the setting gave to an entry of a list.</summary>
    private string WithEntry(string name, string setting) =>
        Parts(setting).LastOrDefault() is { } last
        && last.All(char.IsAsciiDigit)
        && !_exact.Contains($"{name}:{last}")
        && !Parts(name).Contains(last)
            ? $"{name}:{last}"
            : name;

    /// <summary>One letter may be wrong in every five or six: short names are similar to too many others.</summary>
    private static int Tolerance(string name) => Math.Min(3, name.Length / 6);

    /// <summary>People seldom err in how a name begins, and short names differ in nothing else.</summary>
    private static bool Alike(string name, string given) =>
        given.StartsWith(name[..Math.Min(name.Length, 3)], StringComparison.OrdinalIgnoreCase);

    /// <summary>The name without what separates its parts and without numbers of entries.</summary>
    private static string Letters(string name) => string.Concat(Parts(name).Where(part => !part.All(char.IsAsciiDigit)));

    private static string[] Parts(string name) => name.Split([':', '_', '.', '-'], StringSplitOptions.RemoveEmptyEntries);

    private static string First(string name) => name.Split(':', 2)[0];
}
