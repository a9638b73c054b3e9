using System.Globalization;
using Autopilot.Core.Workflows;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Pages.Fleet;

/// <summary>
/// What a person has chosen on the fleet page. A choice that does not exist is left out: an address that a person typed still shows the
/// fleet.
/// </summary>
/// <param name="Finished">Whether what is over is shown.</param>
/// <param name="Assessment">Only upgrades of this assessment; null for all.</param>
/// <param name="Text">Part of a cluster's name or an id; empty for all.</param>
/// <param name="Page">Number of the page of active ones, from 1 on.</param>
/// <param name="After">Token of the page of finished ones; null for the first.</param>
internal sealed record FleetQuery(bool Finished, Assessment? Assessment, string Text, int Page, string? After)
{
    public static FleetQuery Of(HttpRequest request)
    {
        var query = request.Query;
        return new(
            query["view"] == "finished",
            Enum.TryParse<Assessment>(query["assessment"], ignoreCase: true, out var assessment) && Enum.IsDefined(assessment)
                ? assessment
                : null,
            query["q"].ToString().Trim(),
            int.TryParse(query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Math.Max(1, page) : 1,
            query["after"].ToString() is { Length: > 0 } after ? after : null
        );
    }
}
