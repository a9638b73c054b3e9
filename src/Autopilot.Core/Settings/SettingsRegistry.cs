using Microsoft.Extensions.Configuration;

namespace Autopilot.Core.Settings;

/// <summary>
/// Which settings anybody has asked for, so that one that nobody knows (a typing error, as a rule) can be told and not silently ignored.
/// Safe for any number of threads.
/// </summary>
public sealed class SettingsRegistry
{
    /// <summary>The platform has settings of its own in there.</summary>
    private const string Foreign = "AzureWebJobsStorage";

    /// <summary>More letters than this apart, two names have nothing to do with each other.</summary>
    private const int Near = 3;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _lists = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// What is given in sections of ours and asked for by nobody, with the name that was perhaps meant. Complete once all options have been
    /// read. No value is part of it.
    /// </summary>
    public IReadOnlyList<(string Setting, string? Nearest)> Unknown(IConfiguration configuration)
    {
        lock (_lock)
        {
            var sections = _names
                .Where(name => name.Contains(':', StringComparison.Ordinal))
                .Select(name => name[..name.IndexOf(':', StringComparison.Ordinal)])
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(section => !section.Equals(Foreign, StringComparison.OrdinalIgnoreCase));
            return
            [
                .. from section in sections
                from setting in configuration.GetSection(section).AsEnumerable()
                where
                    !string.IsNullOrWhiteSpace(setting.Value)
                    && !_names.Contains(setting.Key)
                    && !_lists.Contains(setting.Key[..Math.Max(0, setting.Key.LastIndexOf(':'))])
                orderby setting.Key
                select (setting.Key, Nearest(setting.Key)),
            ];
        }
    }

    internal void Ask(string setting)
    {
        lock (_lock)
        {
            _names.Add(setting);
        }
    }

    internal void AskList(string setting)
    {
        lock (_lock)
        {
            _lists.Add(setting);
        }
    }

    private string? Nearest(string setting) => NearestName.Of(setting, _names, Near);
}
