using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Core.Reporting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Reports;

/// <summary>The routes of reports over finished runs.</summary>
internal static class ReportsApi
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    private static readonly Dictionary<string, ReportGrouping> Groupings = Enum.GetValues<ReportGrouping>().ToDictionary(ReportBuilder.WordOf, StringComparer.OrdinalIgnoreCase);

    public static IEndpointRouteBuilder MapReportsApi(this IEndpointRouteBuilder api)
    {
        var reports = api.MapGroup("/reports");
        reports.MapMethods("/upgrades", Read, ReportAsync).WithName("ReportUpgrades").WithSummary("Aggregates over finished runs.").Offers(Format.Json);
        reports.MapMethods("/runs", Read, ListRunsAsync).WithName("ListRuns").WithSummary("The finished runs themselves, newest first.").Offers(Format.Json, Format.Csv, Format.Ndjson);
        return api;
    }

    internal static async Task<IResult> ReportAsync(
        [AsParameters] ReportParameters parameters, [FromQuery] string? groupBy, [FromQuery] string? previous, [FromServices] IRunStore store, [FromServices] TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!parameters.TryRead(clock.GetUtcNow(), out var query, out var problem) || !Parameters.TryFlag("previous", previous, out var withPrevious, out problem))
            return new ProblemResult(problem!);
        if (!Groupings.TryGetValue(groupBy ?? "none", out var grouping))
            return new ProblemResult(KnownProblems.InvalidParameter("groupBy", $"one of {string.Join(", ", Groupings.Keys)}"));

        var report = new ReportBuilder(query.From, query.To, grouping);
        await foreach (var run in store.ReadAsync(withPrevious is false ? query : query with { From = report.PreviousFrom }, cancellationToken))
            report.Add(run);
        return new Representation(JsonBody.Serialize(report.Build(withPrevious is not false), ApiJson.Default.UpgradeReport));
    }

    internal static async Task<IResult> ListRunsAsync(
        [AsParameters] ReportParameters parameters,
        [FromQuery(Name = "maxpagesize")] string? maxPageSize,
        [FromQuery] string? continuationToken,
        [FromServices] IRunStore store,
        [FromServices] TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!parameters.TryRead(clock.GetUtcNow(), out var query, out var problem) || !Parameters.TryPaging(maxPageSize, continuationToken, out var pageSize, out problem))
            return new ProblemResult(problem!);

        var format = context.ChosenFormat();
        if (format != Format.Json)
            return new RunStream(store.ReadAsync(query, cancellationToken), format);

        var page = await store.ReadPageAsync(query, pageSize, continuationToken, cancellationToken);
        var nextLink = PageLink.Of(
            context.Request,
            "/api/reports/runs",
            page.ContinuationToken,
            // Told even where it was not asked for: what is now moves on, and the list must not.
            ("from", InstantConverter.ToText(query.From)),
            ("to", InstantConverter.ToText(query.To)),
            ("clusterId", query.ClusterId),
            ("projectId", query.ProjectId),
            ("targetVersion", query.TargetVersion),
            ("outcome", query.Outcome?.ToString()),
            ("maxpagesize", maxPageSize));
        return new Representation(JsonBody.Serialize(new RunPage([.. page.Items.Select(RunItem.Of)], nextLink), ApiJson.Default.RunPage));
    }
}
