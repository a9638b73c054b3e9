using Autopilot.Api.Requests;

namespace Autopilot.Api.Workflows;

/// <summary>The query of a history, as it came.</summary>
internal sealed record HistoryParameters
{
    /// <summary>Inclusive, by observation.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>Exclusive.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    [FromQuery(Name = "maxpagesize")]
    public string? MaxPageSize { get; init; }

    [FromQuery(Name = "continuationToken")]
    public string? ContinuationToken { get; init; }
}
