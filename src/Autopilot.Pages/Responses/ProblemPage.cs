using Autopilot.Api.Problems;
using Autopilot.Pages.Html;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Pages.Responses;

/// <summary>A problem as a page: the same title and detail that the API answers with.</summary>
internal static class ProblemPage
{
    public static PageContent Make(Problem problem, string traceId)
    {
        var html = new HtmlWriter()
            .Start("section", ("class", "problem"), ("data-problem", problem.Code))
            .Element("h1", problem.Title)
            .Element("p", problem.Detail, ("class", "detail"));
        if (problem.Candidates is { Count: > 0 } candidates)
        {
            html.Start("ul");
            foreach (var candidate in candidates)
            {
                html.Start("li").Link(PagePaths.Upgrade(candidate.ClusterId), candidate.ClusterId).End();
            }

            html.End();
        }

        html.Start("p")
            .Text(problem.Status >= StatusCodes.Status500InternalServerError ? "This page tries again by itself. " : "")
            .Link(PagePaths.Fleet, "To the fleet")
            .End()
            .Element("p", $"{problem.Code}, trace {traceId}", ("class", "soft"))
            .End();
        return new(problem.Title, html) { Status = problem.Status, RetryAfter = problem.RetryAfter };
    }
}
