using System.Runtime.CompilerServices;
using Autopilot.Api.Clusters;
using Autopilot.Api.OpenApi;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Api.Workflows;
using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Reports;

/// <summary>The routes of reports over finished runs.</summary>
internal static class ReportsApi
{
    public static IEndpointRouteBuilder MapReportsApi(this IEndpointRouteBuilder api)
    {
        var reports = api.MapGroup("/reports");
        reports
            .MapMethods("/upgrades", ReadMethods.All, ReportAsync)
            .WithName("ReportUpgrades")
            .Takes([.. ReportParameters.Filters, ParameterCatalog.GroupBy, ParameterCatalog.Previous, ParameterCatalog.Chart])
            .WithSummary("Aggregates over finished runs.")
            .Offers(ReportFormats.Report.Formats)
            .WithDescription(
                "Counts, rates and percentiles of durations (median P50, P80, P95) over the runs whose end lies in the range. "
                    + "previous has the same over the period before it. Active upgrades count in none of them; active=true lists them "
                    + "separately."
            )
            .LimitedBy(ConcurrencyGroup.Reports)
            .Answers<UpgradeReport>("The report.")
            .Fails(400, ProblemCode.InvalidClusterId)
            .Fails(409, ProblemCode.AmbiguousCluster);
        reports
            .MapMethods("/runs", ReadMethods.All, ListRunsAsync)
            .WithName("ListRuns")
            .Takes([.. ReportParameters.Filters, .. PageParameters.All])
            .WithSummary("The finished runs themselves, newest first.")
            .Offers(Format.Json, Format.Csv, Format.Ndjson)
            .WithDescription(
                "JSON comes in pages: each is full or the last one. Only one that carries partial (Time, after 8 s) is short, and "
                    + "its nextLink continues. CSV (RFC 4180) and NDJSON (a RunItem per line) are the whole range in one stream. With "
                    + "active=true those that go on come first, the oldest first, with the outcome Active."
            )
            .Answers<RunPage>("The runs.")
            .Fails(400, ProblemCode.InvalidClusterId)
            .Fails(409, ProblemCode.AmbiguousCluster);
        reports
            .MapMethods("/outlook", ReadMethods.All, GetOutlookAsync)
            .WithName("GetOutlook")
            .Takes(
                ParameterCatalog.PlannedClusterId,
                ParameterCatalog.PlannedCluster,
                ParameterCatalog.PlannedVersion,
                ParameterCatalog.FromVersion,
                ParameterCatalog.FilterProjectId
            )
            .WithSummary("What earlier upgrades say about one that is planned.")
            .Offers(OutlookFormats.Outlook.Formats)
            .WithDescription(
                "Expected times, second attempts, rollbacks and failing pre-check items of the most similar upgrades of the last 12 "
                    + "months. Each section says what it is made of. At least cluster or targetVersion is needed."
            )
            .LimitedBy(ConcurrencyGroup.Reports)
            .Answers<UpgradeOutlook>("The outlook; without figures where there is too little history.")
            .Fails(400, ProblemCode.InvalidClusterId)
            .Fails(409, ProblemCode.AmbiguousCluster);
        return api;
    }

    internal static async Task<IResult> ReportAsync(
        [FromServices] IRunStore store,
        [AsParameters] WorkflowServices workflows,
        [FromServices] WorkflowLister lister,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var values = ParameterValues.Of(context.Request);
        if (
            !ReportParameters.TryRead(values, workflows.Clock.GetUtcNow(), out var query, out var problem)
            || !ReportParameters.TryActive(values, out var withActive, out problem)
            || !values.TryRead(ParameterCatalog.Previous, out var withPrevious, out problem)
            || !values.TryRead(ParameterCatalog.GroupBy, out var grouping, out problem)
            || !values.TryRead(ParameterCatalog.Chart, out var chart, out problem)
        )
        {
            return new ProblemResult(problem!);
        }

        (query, problem) = await ReportParameters.ResolveAsync(query, workflows.Names, cancellationToken);
        if (problem is not null)
        {
            return new ProblemResult(problem);
        }

        var report = await BuildAsync(query, grouping ?? default, withPrevious is not false, store, cancellationToken);
        if (withActive)
        {
            var (active, cut, unreadable) = await new ActiveUpgrades(workflows, lister, query).LongestAsync(cancellationToken);
            report = report with
            {
                Active = active,
                ActiveCut = cut ? true : null,
                Unreadable = unreadable == 0 ? report.Unreadable : (report.Unreadable ?? 0) + unreadable,
            };
        }

        var note = await FilterNote.OfAsync(
            new ClusterFilter(query.ClusterId, query.ClusterName),
            isEmpty: report is { Total.Runs: 0, Active: null or { Count: 0 } },
            workflows.Names,
            cancellationToken
        );
        return ReportFormats.Answer(report with { Note = note }, chart ?? default, context);
    }

    /// <summary>The report over the runs of a query, read once.</summary>
    internal static async Task<UpgradeReport> BuildAsync(
        RunQuery query,
        ReportGrouping grouping,
        bool withPrevious,
        IRunStore store,
        CancellationToken cancellationToken
    ) => (await ReadAsync(query, grouping, withPrevious, store, cancellationToken))(int.MaxValue).Report;

    /// <summary>Reads the runs of a query once; what is returned makes a report of so many groups at most, and sums the others.</summary>
    internal static async Task<Func<int, (UpgradeReport Report, RemainingGroups? Others)>> ReadAsync(
        RunQuery query,
        ReportGrouping grouping,
        bool withPrevious,
        IRunStore store,
        CancellationToken cancellationToken
    )
    {
        var builder = new ReportBuilder(query.From, query.To, grouping);
        var unreadable = new UnreadableCount();
        await foreach (
            var run in store.ReadAsync(withPrevious ? query with { From = builder.PreviousFrom } : query, unreadable, cancellationToken)
        )
        {
            builder.Add(run);
        }

        return most =>
        {
            var (report, others) = builder.Build(withPrevious, most);
            return (report with { Unreadable = unreadable.RowsIfAny }, others);
        };
    }

    internal static async Task<IResult> GetOutlookAsync(
        [FromServices] IRunStore store,
        [FromServices] TimeProvider clock,
        [FromServices] ClusterDirectory names,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (!OutlookParameters.TryRead(ParameterValues.Of(context.Request), clock.GetUtcNow(), out var query, out var problem))
        {
            return new ProblemResult(problem!);
        }

        (query, problem, var note) = await OutlookParameters.ResolveAsync(query, names, cancellationToken);
        if (problem is not null)
        {
            return new ProblemResult(problem);
        }

        var format = context.ChosenFormat();
        var outlook = await BuildAsync(query, note, store, cancellationToken);
        return new Representation(OutlookFormats.Outlook.Write(outlook, format), format);
    }

    /// <summary>The outlook over the newest runs of its time, read once.</summary>
    /// <param name="query">The upgrade that is planned.</param>
    /// <param name="note">What to say where none of the runs is of its cluster; null for nothing.</param>
    /// <param name="store">Has the runs.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal static async Task<UpgradeOutlook> BuildAsync(
        OutlookQuery query,
        string? note,
        IRunStore store,
        CancellationToken cancellationToken
    )
    {
        var outlook = new OutlookBuilder(query);
        var unreadable = new UnreadableCount();
        await foreach (var run in store.ReadAsync(query.Runs, unreadable, cancellationToken))
        {
            if (string.Equals(run.Target.ClusterId, query.ClusterId, StringComparison.OrdinalIgnoreCase))
            {
                note = null;
            }

            if (!outlook.Add(run))
            {
                break;
            }
        }

        return outlook.Build() with
        {
            Note = note,
            Unreadable = unreadable.RowsIfAny,
        };
    }

    internal static async Task<IResult> ListRunsAsync(
        [FromServices] IRunStore store,
        [AsParameters] WorkflowServices workflows,
        [FromServices] WorkflowLister lister,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var values = ParameterValues.Of(context.Request);
        if (
            !ReportParameters.TryRead(values, workflows.Clock.GetUtcNow(), out var query, out var problem)
            || !ReportParameters.TryActive(values, out var withActive, out problem)
            || !PageParameters.TryRead(values, out var asked, out problem)
        )
        {
            return new ProblemResult(problem!);
        }

        (query, problem) = await ReportParameters.ResolveAsync(query, workflows.Names, cancellationToken);
        if (problem is not null)
        {
            return new ProblemResult(problem);
        }

        var active = withActive ? new ActiveUpgrades(workflows, lister, query) : null;
        var format = context.ChosenFormat();
        if (await context.AcquirePermitAsync(format == Format.Json ? ConcurrencyGroup.Reports : ConcurrencyGroup.Streams) is { } busy)
        {
            return new ProblemResult(busy);
        }

        if (format != Format.Json)
        {
            return new RunStream(ReadRunsAsync(active, query, store, cancellationToken), format);
        }

        var page = await ReadRunPageAsync(active, query, store, asked.SizeOrDefault, asked.Token, cancellationToken);
        var nextLink = PageLink.Of(
            context.Request,
            "/api/reports/runs",
            page.ContinuationToken,
            // Named even where the request left it out: the default moves with the clock, and the list must not.
            (ParameterCatalog.ReportFrom, InstantText.Of(query.From)),
            (ParameterCatalog.ReportTo, InstantText.Of(query.To)),
            (
                values[ParameterCatalog.Clusters] is null ? ParameterCatalog.FilterClusterId : ParameterCatalog.Clusters,
                new ClusterFilter(query.ClusterId, query.ClusterName).All?.ToString()
            ),
            (ParameterCatalog.FilterProjectId, query.ProjectId),
            (ParameterCatalog.TargetVersion, query.TargetVersion),
            (ParameterCatalog.Outcome, query.Outcome?.ToString()),
            (ParameterCatalog.WithActive, withActive ? ParameterFactory.TextOf(true) : null),
            asked.InLink
        );
        var note = await FilterNote.OfAsync(
            new ClusterFilter(query.ClusterId, query.ClusterName),
            isEmpty: page.Items.Count == 0 && asked.Token is null,
            workflows.Names,
            cancellationToken
        );
        return new Representation(
            JsonBody.Serialize(
                new RunPage(page.Items, OptionalCount.Of(page.Unreadable), page.Partial, nextLink, note),
                ApiJson.Default.RunPage
            )
        );
    }

    private static async IAsyncEnumerable<RunItem> ReadRunsAsync(
        ActiveUpgrades? active,
        RunQuery query,
        IRunStore store,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (active is not null)
        {
            foreach (var run in (await active.ReadAsync(cancellationToken)).Runs)
            {
                yield return RunItem.Of(run);
            }
        }

        // How many cannot be read is known when the headers have long been sent, and HTTP/1.1 has no trailers here: the pages and the
        // report say it.
        await foreach (var run in store.ReadAsync(query, new UnreadableCount(), cancellationToken))
        {
            yield return RunItem.Of(run);
        }
    }

    /// <summary>
    /// First the active upgrades, then the finished ones. A token names the last entry, and the kind of its query says which of the two it
    /// was.
    /// </summary>
    private static async Task<Page<RunItem>> ReadRunPageAsync(
        ActiveUpgrades? active,
        RunQuery query,
        IRunStore store,
        int pageSize,
        string? token,
        CancellationToken cancellationToken
    )
    {
        if (active is null)
        {
            return Of([], await store.ReadPageAsync(query, pageSize, token, cancellationToken));
        }

        const string BeginOfFinished = "finished";
        var isActive = active.TryToken(token, out var after);
        if (!isActive)
        {
            return Of([], await store.ReadPageAsync(query, pageSize, token == BeginOfFinished ? null : token, cancellationToken));
        }

        var page = await active.ReadPageAsync(pageSize, after, cancellationToken);
        if (page.ContinuationToken is not null)
        {
            return Of(
                [.. page.Items.Select(RunItem.Of)],
                new Page<FinishedUpgrade>([], page.ContinuationToken) { Unreadable = page.Unreadable }
            );
        }

        List<RunItem> items = [.. page.Items.Select(RunItem.Of)];
        if (items.Count == pageSize)
        {
            // Whether there is anything behind it takes a read of its own.
            var next = await store.ReadPageAsync(query, 1, null, cancellationToken);
            return new(items, next.Items.Count > 0 || next.ContinuationToken is not null ? BeginOfFinished : null)
            {
                Unreadable = page.Unreadable,
            };
        }

        var finished = await store.ReadPageAsync(query, pageSize - items.Count, null, cancellationToken);
        return Of(items, finished with { Unreadable = page.Unreadable + finished.Unreadable });

        static Page<RunItem> Of(List<RunItem> before, Page<FinishedUpgrade> page) =>
            new([.. before, .. page.Items.Select(RunItem.Of)], page.ContinuationToken)
            {
                Unreadable = page.Unreadable,
                Partial = page.Partial,
            };
    }
}
