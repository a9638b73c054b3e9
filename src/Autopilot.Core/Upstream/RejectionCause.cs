using System.Text.Json.Serialization;

namespace Autopilot.Core.Upstream;

/// <summary>Why upstream refuses a request that it has understood, as far as its codes and words say.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RejectionCause>))]
public enum RejectionCause
{
    /// <summary>The credential lacks a permission, or the ids are of another project: what a 403 means that says no more.</summary>
    Permission,

    /// <summary>A policy denies it, whatever else is granted.</summary>
    Policy,

    /// <summary>The address that the request came from is blocked, or not allowed.</summary>
    Address,

    /// <summary>The account is in arrears, frozen or restricted.</summary>
    Account,

    /// <summary>The API is not opened for this account or user.</summary>
    NotOpened,

    /// <summary>The project is not available.</summary>
    Project,

    /// <summary>The account, the user or the service is not allowed in this region.</summary>
    Region,
}
