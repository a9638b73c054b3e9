using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>Who can mend a failed item of a pre-check, by upstream's documentation.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MendedBy>))]
public enum MendedBy
{
    /// <summary>Upstream documents no remedy.</summary>
    Unknown,

    /// <summary>The user of the cluster.</summary>
    User,

    /// <summary>Huawei Cloud's support alone, by a ticket.</summary>
    Support,

    /// <summary>Nothing has to be mended.</summary>
    NoOne,

    /// <summary>A new check may pass by itself; if it fails again, support.</summary>
    RetryThenSupport,

    /// <summary>The user; if that does not help, support.</summary>
    UserThenSupport,

    /// <summary>The user in some cases, support in the others.</summary>
    UserOrSupport,
}
