namespace Autopilot.Simulator.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>429 with the gateway's text, and then for everything that matches until the window is over.</summary>
    Throttled,

    /// <summary>
    /// A limit that is enforced: more than <see cref="Fault.Limit"/> matching requests in a window are 429 until it is over.
    /// </summary>
    RateLimit,

    /// <summary>429 <c>CCE.01429002</c>: locked by another request.</summary>
    Locked,

    /// <summary>500 <c>CCE.01500001</c>.</summary>
    ServerError,

    /// <summary>The right answer, <see cref="Fault.Delay"/> late.</summary>
    SlowHeaders,

    /// <summary>The right answer, its body spread over <see cref="Fault.Delay"/>.</summary>
    SlowBody,

    /// <summary>The connection is cut before a byte of the answer.</summary>
    CutBeforeHeaders,

    /// <summary>The connection is cut within the body.</summary>
    CutMidBody,

    /// <summary>200 with JSON that ends too early.</summary>
    MalformedJson,

    /// <summary>200 with a page of HTML, as from a proxy.</summary>
    Html,

    /// <summary>200 with 5 MB of valid JSON.</summary>
    Huge,

    /// <summary>401 <c>APIGW.0301</c>.</summary>
    Unauthorized,

    /// <summary>403 <c>CCE.01403001</c>.</summary>
    Forbidden,

    /// <summary>404 <c>CCE.01404001</c>: this workflow is unknown.</summary>
    Gone,

    /// <summary>404 <c>APIGW.0101</c>: this API is unknown.</summary>
    NoSuchApi,
}
