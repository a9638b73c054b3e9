using Microsoft.AspNetCore.Mvc;

namespace Autopilot.Api.Workflows;

/// <summary>The query of a history, as it came.</summary>
/// <param name="From">Inclusive, by observation.</param>
/// <param name="To">Exclusive.</param>
internal sealed record HistoryParameters(
    [FromQuery(Name = "from")] string? From,
    [FromQuery(Name = "to")] string? To,
    [FromQuery(Name = "maxpagesize")] string? MaxPageSize,
    [FromQuery(Name = "continuationToken")] string? ContinuationToken);
