using Autopilot.Core.Settings;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>Section <c>Discovery</c>: how often clusters and projects are scanned.</summary>
public sealed record DiscoveryOptions
{
    /// <summary>Between two scans of a cluster's workflows, 10 s – 1 day; at most one scan a cycle. Default 5 min.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Between two scans of a project's clusters, 1 min – 7 days. Default 30 min.</summary>
    public TimeSpan ProjectsEvery { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Between two reads of a cluster's name, 1 h – 365 days: the one GET that a scan may cost beside its own. Default 1 day.
    /// </summary>
    public TimeSpan NamesEvery { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Longest back-off of a cluster or a project that fails to read, 1 min – 1 day. Default 1 h.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromHours(1);

    internal static void Read(DiscoveryOptions options, SettingsReader settings)
    {
        options.Every = settings.Duration("Discovery:Every", options.Every, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1));
        options.ProjectsEvery = settings.Duration(
            "Discovery:ProjectsEvery",
            options.ProjectsEvery,
            TimeSpan.FromMinutes(1),
            TimeSpan.FromDays(7)
        );
        options.NamesEvery = settings.Duration("Discovery:NamesEvery", options.NamesEvery, TimeSpan.FromHours(1), TimeSpan.FromDays(365));
        options.MaxBackoff = settings.Duration("Discovery:MaxBackoff", options.MaxBackoff, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
    }
}
