using System.Globalization;
using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Notifications.Formats;

/// <summary>What a message to people says, before it gets the form of a chat. Every text may hold words of others and is still to be escaped.</summary>
internal sealed record Telling(string Title, Mood Mood, string Headline, IReadOnlyList<(string Label, string Value)> Facts, string? Message, IReadOnlyList<string> Details, string? ToDo, string Footer)
{
    public static Telling Of(Notification n)
    {
        var facts = n.Facts;
        var name = facts.ClusterName ?? facts.ClusterId ?? n.WorkflowId;
        List<(string, string)> lines = [("Cluster", facts.ClusterName is not null && facts.ClusterId is not null ? $"{facts.ClusterName} ({facts.ClusterId})" : name)];
        if (facts.FromVersion is not null || facts.TargetVersion is not null)
            lines.Add(("Upgrade", $"{facts.FromVersion ?? "?"} → {facts.TargetVersion ?? "?"}"));
        if (n.To.Assessment is { } assessment)
            lines.Add(("Assessment", n.From.Assessment is { } was && was != assessment ? $"{assessment}, was {was}" : assessment.ToString()));
        if (n.To.Phase is { } phase)
            lines.Add(("Phase", n.From.Phase is { } before && before != phase ? $"{Word(phase.Value)}, was {Word(before.Value)}" : Word(phase.Value)));
        if (facts.BlockingTask is { } blocking)
            lines.Add(("Blocked by", blocking.Since is { } since ? $"{Word(blocking.Type.Value)}, {blocking.Reason} since {Moment(since)}" : $"{Word(blocking.Type.Value)}, {blocking.Reason}"));
        if (facts.Progress is { Total: > 0 } progress)
            lines.Add(("Progress", string.Create(CultureInfo.InvariantCulture, $"{progress.Completed} of {progress.Total} required tasks")));
        if (facts.Estimate is { CompletesAt: { } completesAt })
            lines.Add(("Should be done", Moment(completesAt)));
        if (n.Unsettled)
        {
            lines.Add(("Unsettled", "It keeps changing: no state has lasted."));
        }

        lines.Add(("Workflow", n.WorkflowId));
        return new Telling(
            n.Sample ? $"Test: {name}" : $"{n.To.Assessment?.ToString() ?? "Upgrade"}: {name}",
            Moods.Of(n.To.Assessment),
            facts.Headline,
            lines,
            facts.BlockingTask?.Message,
            [.. (facts.BlockingTask?.Details ?? []).Select(detail => $"{detail.Level ?? "Failed"}: {detail.Name}{(detail.Message is { } said ? $": {said}" : "")}")],
            facts.BlockingTask?.Remediation,
            $"Observed {Moment(n.At)}. Notification {n.Id}.");
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm' UTC'", CultureInfo.InvariantCulture);

    private static string Word(string upstreams) => ForeignText.OneLine(upstreams, 64);
}
