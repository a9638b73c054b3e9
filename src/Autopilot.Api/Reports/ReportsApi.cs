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
        reports.MapMethods("/upgrades", Read, ReportAsync).WithName("ReportUpgrades").WithSummary("Aggregates over finished runs.").Offers(ReportFormats.Offered);
        reports.MapMethods("/runs", Read, ListRunsAsync).WithName("ListRuns").WithSummary("The finished runs themselves, newest first.").Offers(Format.Json, Format.Csv, Format.Ndjson);
        return api;
    }

    internal static async Task<IResult> ReportAsync(
        [AsParameters] ReportParameters parameters, [FromQuery] string? groupBy, [FromQuery] string? previous, [FromQuery] string? chart, [FromServices] IRunStore store, [FromServices] TimeProvider clock, HttpContext context, CancellationToken cancellationToken)
    {
        if (!parameters.TryRead(clock.GetUtcNow(), out var query, out var problem) || !Parameters.TryFlag("previous", previous, out var withPrevious, out problem))
            return new ProblemResult(problem!);
        if (!TryGrouping(groupBy, out var grouping, out problem) || !ReportFormats.TryChart(chart, out var shown, out problem))
            return new ProblemResult(problem!);
        return ReportFormats.Answer(await BuildAsync(query, grouping, withPrevious is not false, store, cancellationToken), shown, context);
    }

    /// <summary>By its word; null means none.</summary>
    internal static bool TryGrouping(string? groupBy, out ReportGrouping grouping, out Problem? problem)
    {
        problem = Groupings.TryGetValue(groupBy ?? "none", out grouping) ? null : KnownProblems.InvalidParameter("groupBy", $"one of {string.Join(", ", Groupings.Keys)}");
        return problem is null;
    }

    /// <summary>The report over the runs of a query, read once.</summary>
    internal static async Task<UpgradeReport> BuildAsync(RunQuery query, ReportGrouping grouping, bool withPrevious, IRunStore store, CancellationToken cancellationToken)
    {
        var report = new ReportBuilder(query.From, query.To, grouping);
        await foreach (var run in store.ReadAsync(withPrevious ? query with { From = report.PreviousFrom } : query, cancellationToken))
            report.Add(run);
        return report.Build(withPrevious);
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
