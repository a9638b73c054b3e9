namespace Autopilot.Core.Upstream;

/// <summary>What a failed read means for the one who asked.</summary>
public enum UpstreamFailure
{
    /// <summary>404 from CCE itself: it does not know this workflow.</summary>
    NotFound,

    /// <summary>400, 403 and the like: it refuses this one request; others may succeed.</summary>
    Denied,

    /// <summary>409, or 429 <c>CCE.01429002</c>: locked by another request at present; read it at the next poll.</summary>
    Locked,

    /// <summary>429: too many requests.</summary>
    Throttled,

    /// <summary>5xx, timeout or a cut connection, after every attempt.</summary>
    Unavailable,

    /// <summary>An answer that cannot be read, or is too large.</summary>
    Invalid,

    /// <summary>401: our credentials are refused. Stops the cycle.</summary>
    Rejected,

    /// <summary>
    /// 404 <c>APIGW.0101</c>: there is no such API; region, endpoint or path prefix is wrong. Stops the cycle, unless only this operation
    /// is not offered.
    /// </summary>
    Misconfigured,
}
