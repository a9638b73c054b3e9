using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>Which version the cluster is on, by the last run of the cluster stage and the rollback that has started.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClusterIs>))]
public enum ClusterIs
{
    /// <summary>It cannot be determined.</summary>
    Unknown,

    /// <summary>On the version before the upgrade: nothing has changed it, or a rollback has succeeded.</summary>
    Old,

    /// <summary>On the target version.</summary>
    New,

    /// <summary>Between the two: a run that changes it is under way, or has failed.</summary>
    Between,
}
