using Microsoft.AspNetCore.Http;

namespace Autopilot.Pages.Html;

/// <summary>What stands between the head and the foot of a page.</summary>
/// <param name="Title">What the window is called.</param>
/// <param name="Html">The part that changes.</param>
internal sealed record PageContent(string Title, HtmlWriter Html)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>When a further request is useful; null where that is as always.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
