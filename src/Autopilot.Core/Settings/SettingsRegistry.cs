using Microsoft.Extensions.Configuration;

namespace Autopilot.Core.Settings;

/// <summary>
/// Which settings have been read, so that an unknown one (a typing error, as a rule) is reported and not silently ignored. Thread-safe.
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
    private readonly HashSet<string> _groups = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// What is given and read by nothing, with the name that was perhaps meant. That is everything in sections of ours, and elsewhere what
    /// is spelt almost as a section or a setting of ours. Complete once all options have been read. No value is part of it.
    /// </summary>
    public IReadOnlyList<(string Setting, string? Nearest)> Unknown(IConfiguration configuration)
    {
        lock (_lock)
        {
            var names = new SettingNames(_names.Where(name => !IsIn(Foreign, name)), _lists.Concat(_groups), Foreign);
            return
            [
                .. from setting in configuration.AsEnumerable()
                where
                    !string.IsNullOrWhiteSpace(setting.Value)
                    && !_names.Contains(setting.Key)
                    && !_lists.Contains(setting.Key[..Math.Max(0, setting.Key.LastIndexOf(':'))])
                let ours = names.HasSection(setting.Key)
                let nearest = ours ? NearestName.Of(setting.Key, _names, Near) : names.Meant(setting.Key, configuration)
                where ours || nearest is not null
                orderby setting.Key
                select (setting.Key, nearest),
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

    internal void AskSections(string setting)
    {
        lock (_lock)
        {
            _groups.Add(setting);
        }
    }

    private static bool IsIn(string section, string name) =>
        name.StartsWith(section, StringComparison.OrdinalIgnoreCase) && (name.Length == section.Length || name[section.Length] == ':');
}
