using System.Text.Json.Serialization;

namespace Autopilot.Core.Reporting;

/// <summary>Which earlier upgrades a figure of an outlook is computed from, the most similar first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OutlookBasis>))]
public enum OutlookBasis
{
    /// <summary>Of the same cluster, to the same version.</summary>
    ClusterAndVersion,

    /// <summary>From the same version to the same version, of any cluster.</summary>
    VersionPair,

    /// <summary>To the same version.</summary>
    TargetVersion,

    /// <summary>To any version of the same minor version, such as v1.28.</summary>
    TargetMinor,

    /// <summary>Of the same cluster, to any version.</summary>
    Cluster,

    /// <summary>All there are.</summary>
    All,
}
