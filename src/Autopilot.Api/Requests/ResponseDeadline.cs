namespace Autopilot.Api.Requests;

/// <summary>Metadata of a route: how long its answer may take until the first byte.</summary>
/// <param name="Limit">Null where the route keeps a limit of its own.</param>
internal sealed record ResponseDeadline(TimeSpan? Limit)
{
    /// <summary>Of a summary: a person or a bot waits for it.</summary>
    public static readonly TimeSpan Summary = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Of every other answer. Longer than <see cref="Core.Paging.ListLimits.Time"/>, after which a page is answered as far as it was read.
    /// </summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(10);

    /// <summary>Of an answer that reads whole tables and has no limit of its own.</summary>
    public static readonly TimeSpan Scan = TimeSpan.FromSeconds(60);
}
