using System.Globalization;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Workflows;
using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;

namespace Autopilot.Api.Mcp;

/// <summary>A call with arguments that keep their limits.</summary>
internal sealed class ToolCall(IServiceProvider services, ParameterValues values)
{
    private WorkflowResolution? _found;

    /// <summary>What the HTTP handlers answer from.</summary>
    public WorkflowServices Workflows { get; } =
        new(
            services.GetRequiredService<IWorkflowReader>(),
            services.GetRequiredService<BaselineCache>(),
            services.GetRequiredService<Cadence>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<SummaryResponseCache>(),
            services.GetRequiredService<ClusterDirectory>()
        );

    /// <summary>Only a list needs it.</summary>
    public WorkflowLister Lister => services.GetRequiredService<WorkflowLister>();

    /// <summary>Only changes over all clusters need it.</summary>
    public ChangeLister Changes => services.GetRequiredService<ChangeLister>();

    /// <summary>Only a history needs it.</summary>
    public IHistoryStore History => services.GetRequiredService<IHistoryStore>();

    /// <summary>Only a report needs them.</summary>
    public IRunStore Runs => services.GetRequiredService<IRunStore>();

    /// <summary>The arguments, as a query of the HTTP route would have them.</summary>
    public ParameterValues Values { get; } = values;

    /// <summary>How many entries or rows the caller asks for at most; null where it leaves that to the tool.</summary>
    public int? Limit => Values[ParameterCatalog.Limit] is { } limit ? int.Parse(limit, CultureInfo.InvariantCulture) : null;

    /// <summary>Of a call that is about one upgrade: its id, or its cluster's name.</summary>
    private Requests.Reference Upgrade =>
        Requests.Reference.TryRead(Values[ParameterCatalog.Workflow], out var reference)
            ? reference
            : throw new InvalidOperationException("The argument was not checked.");

    /// <summary>The upgrade and its summary; null where there is none, and <see cref="NotFound"/> says why.</summary>
    public async Task<(TrackedWorkflow Row, WorkflowSummary Summary)?> FindAsync(CancellationToken cancellationToken)
    {
        var found = _found = await Workflows.FindAsync(Upgrade, cancellationToken);
        return found.IsFound
            ? (found.Workflow, Workflows.Summarize(found.Workflow, await Workflows.BaselineAsync(cancellationToken)))
            : null;
    }

    /// <summary>That other clusters have the name that was given, without an active upgrade; null where there are none.</summary>
    public string? OtherClusters =>
        _found is { IsFound: true, Others: { Count: > 0 } others }
            ? "Other clusters have this name, too; their upgrades have ended or are not tracked: "
                + $"{ToolResponse.Plain(string.Join("; ", others.Take(10).Select(Shown)))}."
            : null;

    /// <summary>Why <see cref="FindAsync"/> found nothing.</summary>
    public CallToolResult NotFound() =>
        _found switch
        {
            { Problem: { Candidates: not null } problem } => Refused(problem),
            { Problem: { } problem, WithoutUpgrade: not null } => ToolResponse.Refused(
                $"{problem.Code}: {problem.Detail} Call list_upgrades to see the upgrades that are known."
            ),
            { Problem: not null } => ToolResponse.Refused(
                $"{ProblemCode.WorkflowNotFound}: no upgrade with the id '{Upgrade.Text}' is known here. Call list_upgrades to see "
                    + "the ids that are; it can be narrowed by "
                    + $"cluster.{(Upgrade.MayBeName ? " No cluster that is known here has that name either." : "")}"
            ),
            _ => throw new InvalidOperationException("The upgrade was found."),
        };

    /// <summary>The problem in the terms of HTTP, and what to try.</summary>
    public static CallToolResult Refused(Problem problem) =>
        ToolResponse.Refused($"{problem.Code}: {problem.Detail ?? problem.Title} {Candidates(problem)}{Advice(problem)}".TrimEnd());

    /// <summary>Says when the data is stale.</summary>
    public static string? StaleLine(WorkflowSummary summary) =>
        summary.Stale
            ? $"STALE: this was last read from upstream at {At(summary.ObservedAt)}, more than three poll intervals ago. It may have "
                + "changed since; say so to the user."
            : null;

    /// <summary>How many rows cannot be read; null where there are none.</summary>
    public static string? UnreadableLine(int? rows, string what) =>
        rows is > 0 ? $"{rows} {what} cannot be read and are left out; say so to the user." : null;

    /// <summary>Why a page is short though there is more; null where it is full or the last one.</summary>
    public static string? PartialLine(PartialReason? partial) =>
        partial switch
        {
            null => null,
            PartialReason.Time => "This page is short, since reading took too long: there is more.",
            _ => "This page is short, since it has become too large: there is more.",
        };

    public static string At(DateTimeOffset? instant) => instant is { } known ? InstantText.Of(known) : "an unknown time";

    private static string Candidates(Problem problem) =>
        problem.Candidates is { } candidates ? $"They are: {string.Join("; ", candidates.Select(Shown))}. " : "";

    private static string Shown(ClusterCandidate cluster)
    {
        var upgrade = cluster.WorkflowId is null ? "" : $", upgrade {cluster.WorkflowId}{(cluster.Active ? " goes on" : "")}";
        return $"{cluster.ClusterId} ({cluster.ClusterName}, project {cluster.ProjectId}{upgrade})";
    }

    private static string Shown(NamedCluster cluster) =>
        cluster.WorkflowId is { } upgrade ? $"{cluster.ClusterId} (upgrade {upgrade})" : cluster.ClusterId;

    private static string Advice(Problem problem) =>
        problem switch
        {
            { Candidates: not null } => "Ask the user which one is meant, and call again with its id.",
            { RetryAfter: { } wait } => $"Call again in {Seconds.WholeAtLeastOne(wait)} s.",
            { Status: >= 500 } => "Calling again with the same arguments will hardly help: report it to the user.",
            _ => "Mend the argument and call again.",
        };
}
