using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Workflows;
using Autopilot.Core.Listing;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Pages.Html;
using Autopilot.Pages.Responses;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Pages.Upgrades;

/// <summary>The pages of one upgrade: how it stands, its history, and one of its states.</summary>
internal sealed class UpgradePage(
    IWorkflowReader rows,
    BaselineCache baselines,
    Cadence cadence,
    TimeProvider clock,
    SummaryResponseCache written,
    ClusterDirectory names,
    IHistoryStore history
)
{
    /// <summary>Changes that the page of an upgrade shows; its history page shows all.</summary>
    private const int NewestChanges = 20;

    private const int ChangesOfPage = 100;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly WorkflowServices _services = new(rows, baselines, cadence, clock, written, names);

    /// <summary>How the upgrade stands.</summary>
    public async Task<PageContent> MakeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (workflow, problem) = await FindAsync(context, cancellationToken);
        if (workflow is null)
        {
            return ProblemPage.Make(problem!, ProblemResult.TraceIdOf(context));
        }

        var id = workflow.Target.WorkflowId;
        var changes = await history.ReadHistoryAsync(id, null, null, NewestChanges, null, cancellationToken);
        var summary = _services.Summarize(workflow, await _services.BaselineAsync(cancellationToken));
        return UpgradeHtml.Write(summary, changes);
    }

    /// <summary>All changes, page by page.</summary>
    public async Task<PageContent> MakeHistoryAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (workflow, problem) = await FindAsync(context, cancellationToken);
        if (workflow is null)
        {
            return ProblemPage.Make(problem!, ProblemResult.TraceIdOf(context));
        }

        var after = context.Request.Query["after"].ToString() is { Length: > 0 } token ? token : null;
        var changes = await history.ReadHistoryAsync(workflow.Target.WorkflowId, null, null, ChangesOfPage, after, cancellationToken);
        return HistoryHtml.Write(workflow, changes);
    }

    /// <summary>One state, with upstream's document.</summary>
    public async Task<PageContent> MakeStateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (workflow, problem) = await FindAsync(context, cancellationToken);
        if (
            workflow is null
            || !ParameterCatalog.Sequence.TryReadGiven(
                context.Request.RouteValues["sequence"]?.ToString() ?? "",
                out var number,
                out problem
            )
        )
        {
            return ProblemPage.Make(problem!, ProblemResult.TraceIdOf(context));
        }

        var id = workflow.Target.WorkflowId;
        return number <= workflow.Sequence && await history.ReadStateAsync(id, number, cancellationToken) is { } state
            ? HistoryHtml.Write(workflow, state, Pretty(state.Document))
            : ProblemPage.Make(ProblemFactory.SnapshotNotFound(id, workflow.Sequence), ProblemResult.TraceIdOf(context));
    }

    private async Task<(TrackedWorkflow? Workflow, Problem? Problem)> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (
            !ParameterCatalog.Workflow.TryReadGiven(context.Request.RouteValues["id"]?.ToString() ?? "", out var reference, out var problem)
        )
        {
            return (null, problem);
        }

        var found = await _services.FindAsync(reference, cancellationToken);
        return (found.Workflow, found.Problem);
    }

    /// <summary>The document with a line for each member; as it came where it is no JSON any more.</summary>
    private static string Pretty(ReadOnlyMemory<byte> document)
    {
        try
        {
            using var parsed = JsonDocument.Parse(document);
            using var bytes = new MemoryStream();
            using (var writer = new Utf8JsonWriter(bytes, Indented))
            {
                parsed.RootElement.WriteTo(writer);
            }

            return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (JsonException)
        {
            return System.Text.Encoding.UTF8.GetString(document.Span);
        }
    }
}
