namespace Autopilot.Storage.Tests;

/// <summary>What happens to a request on the way.</summary>
public enum Fault
{
    None,

    /// <summary>The connection breaks before the service sees the request.</summary>
    CutBefore,

    /// <summary>The service does it, and the answer is lost.</summary>
    CutAfter,

    /// <summary>The service does it and answers 500.</summary>
    FailAfter,

    /// <summary>The service answers 503 and has done nothing.</summary>
    BusyBefore,

    /// <summary>The service answers 413.</summary>
    TooLargeBefore,
}
