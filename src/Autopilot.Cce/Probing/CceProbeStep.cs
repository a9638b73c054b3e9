namespace Autopilot.Cce.Probing;

/// <summary>What is tried, in this order.</summary>
public enum CceProbeStep
{
    /// <summary>Region, endpoint and path prefix lead to the API.</summary>
    Endpoint,

    /// <summary>Upstream knows who we are.</summary>
    Credentials,

    /// <summary>Upstream lets us read.</summary>
    Permission,
}
