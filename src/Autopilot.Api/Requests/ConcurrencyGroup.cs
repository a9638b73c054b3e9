namespace Autopilot.Api.Requests;

/// <summary>
/// Answers that are expensive, or last, for the same reason, and so share a limit. What is in no lane is cheap and not limited: summaries,
/// health.
/// </summary>
internal enum ConcurrencyGroup
{
    /// <summary>Answers that hold many rows or a large document: lists, histories, tool calls.</summary>
    Lists,

    /// <summary>Answers that read many runs and hold little: reports, pages of runs.</summary>
    Reports,

    /// <summary>Streams of runs: they last as long as their reader takes.</summary>
    Streams,

    /// <summary>Requests that wait for an upgrade: they cost little, and last up to minutes.</summary>
    Waits,
}
