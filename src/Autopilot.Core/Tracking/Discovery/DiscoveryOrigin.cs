namespace Autopilot.Core.Tracking.Discovery;

/// <summary>Who asked for a cluster or a project.</summary>
public enum DiscoveryOrigin
{
    /// <summary>A person, over HTTP.</summary>
    Person,

    /// <summary><c>Tracking:Clusters</c> or <c>Tracking:Projects</c>.</summary>
    Settings,

    /// <summary>Found in the list of a project that is tracked; only a cluster can be.</summary>
    Project,
}
