using System.Globalization;
using Autopilot.Api.Clusters;
using Autopilot.Api.OpenApi;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Api.Workflows;
using Autopilot.Core.Listing;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Changes;

/// <summary>The route of changes over the fleet.</summary>
internal static class ChangesApi
{
    public static IEndpointRouteBuilder MapChangesApi(this IEndpointRouteBuilder api)
    {
        api.MapMethods("/changes", ReadMethods.All, ListAsync)
            .WithName("ListChanges")
            .Takes([ParameterCatalog.Since, .. ListParameters.Filters, .. PageParameters.All])
            .WithSummary("What changed over the fleet since a given time, newest first.")
            .Offers([Format.Json, .. ChangeFormats.Page.Formats])
            .WithDescription(
                "Every change that was observed at or after since, each once. The workflows are those that match the filters by what"
                    + " they are now. since is at most 31 days ago; 24 hours where it is not given. A page is full or the last one. Only "
                    + "one that carries partial (Time, after 8 s) is short, and its nextLink continues. What had ended more than 7 days "
                    + "before since when it was first seen is left out."
            )
            .LimitedBy(ConcurrencyGroup.Lists)
            .Answers<FleetChanges>("A page of changes, newest first.")
            .Fails(400, ProblemCode.InvalidClusterId)
            .Fails(409, ProblemCode.AmbiguousCluster);
        return api;
    }

    internal static async Task<IResult> ListAsync(
        [AsParameters] WorkflowServices services,
        [FromServices] ChangeLister lister,
        [FromServices] PublicAddress address,
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        var values = ParameterValues.Of(request);
        if (
            !ChangeParameters.TryRead(values, services.Clock.GetUtcNow(), out var query, out var since, out var problem)
            || !PageParameters.TryRead(values, out var asked, out problem)
        )
        {
            return new ProblemResult(problem!);
        }

        (query, var clusterId, var cluster, problem) = await ListParameters.ResolveAsync(query, services.Names, cancellationToken);
        if (problem is not null)
        {
            return new ProblemResult(problem);
        }

        var page = await lister.ListAsync(query, since, asked.SizeOrDefault, asked.Token, cancellationToken);
        var nextLink = PageLink.Of(
            request,
            "/api/changes",
            page.ContinuationToken,
            // since also where the caller gave none: the default moves with the clock, and the list must not.
            [(ParameterCatalog.Since, InstantText.Of(since)), .. ListParameters.InLink(query, clusterId, cluster), asked.InLink]
        );
        var isEmpty = page.Items.Count == 0 && asked.Token is null;
        var note = await FilterNote.OfAsync(query, [clusterId, cluster], isEmpty, services.Names, cancellationToken);
        var format = request.HttpContext.ChosenFormat();
        if (format == Format.Json)
        {
            return new Representation(
                JsonBody.Serialize(
                    new FleetChanges(
                        since,
                        [.. page.Items.Select(FleetChangeItem.Of)],
                        OptionalCount.Of(page.Unreadable),
                        page.Partial,
                        nextLink,
                        note
                    ),
                    ApiJson.Default.FleetChanges
                )
            );
        }

        var form = new ChangePage(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Changes since {HumanDuration.At(since)}, newest first: {page.Items.Count}{(nextLink is null ? "" : " on this page")}."
            ),
            [
                .. page.Items.Select(change => new ChangeLine(
                    change.Entry,
                    change.Workflow.ClusterName ?? change.Workflow.Target.ClusterId,
                    change.Workflow.Target.WorkflowId
                )),
            ],
            address.Absolute(nextLink)
        )
        {
            Unreadable = page.Unreadable,
            Partial = page.Partial,
            Note = note,
        };
        return new Representation(ChangeFormats.Page.Write(form, format), format);
    }
}
