using System.Globalization;
using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Writing;

namespace Autopilot.Notifications.Formats;

/// <summary>What a message to people says, independent of a chat's format. Every text may be foreign and is still to be escaped.</summary>
internal sealed record NotificationView(
    string Title,
    Severity Severity,
    string Headline,
    IReadOnlyList<(string Label, string Value)> Facts,
    string? Message,
    IReadOnlyList<string> Details,
    string? ToDo,
    string Footer
)
{
    /// <summary>
    /// Each finding once: what the title or the headline says is not among the facts, and what the details say is not in the message.
    /// </summary>
    public static NotificationView Of(Notification n)
    {
        var facts = n.Facts;
        var name = facts.ClusterName ?? facts.ClusterId ?? n.WorkflowId;
        List<(string, string)> lines = [];
        if (facts.ClusterId is { } clusterId && clusterId != name)
        {
            lines.Add(("Cluster", clusterId));
        }

        if ((facts.FromVersion ?? facts.TargetVersion) is not null && !(Says(facts.FromVersion) && Says(facts.TargetVersion)))
        {
            lines.Add(("Upgrade", $"{facts.FromVersion ?? "?"} → {facts.TargetVersion ?? "?"}"));
        }

        if (n.From.Assessment is { } was && was != n.To.Assessment)
        {
            lines.Add(("Before", was.ToString()));
        }

        if (n.To.Phase is { } phase)
        {
            lines.Add(
                (
                    "Phase",
                    n.From.Phase is { } before && before != phase ? $"{Word(phase.Value)}, was {Word(before.Value)}" : Word(phase.Value)
                )
            );
        }

        if (facts.BlockingTask is { } blocking)
        {
            var lasts =
                blocking.Since is { } since && !Says(Moment(since))
                    ? $"{(blocking.SinceObserved is true ? ", seen" : "")} since {Moment(since)}"
                    : "";
            lines.Add((BlockingLabel.Of(n.To.Assessment), $"{Word(blocking.Type.Value)}, {blocking.Reason}{lasts}"));
            if (blocking.TaskId is { Length: > 0 } taskId && SupportTicket.IsAdvised(blocking.Remediation))
            {
                lines.Add(("Task", taskId));
                if (facts.ProjectId is { } project)
                {
                    lines.Add(("Project", project));
                }
            }
        }

        if (facts.Progress is { Total: > 0 } progress)
        {
            lines.Add(
                ("Progress", string.Create(CultureInfo.InvariantCulture, $"{progress.Completed} of {progress.Total} required tasks"))
            );
        }

        if (facts.Estimate is { CompletesAt: { } completesAt })
        {
            lines.Add(("Should be done", Moment(completesAt)));
        }

        if (n.Unsettled)
        {
            lines.Add(("Unsettled", "It keeps changing: no state has lasted."));
        }

        lines.Add(("Workflow", n.WorkflowId));
        return new NotificationView(
            n.Sample ? $"Test: {name}" : $"{n.To.Assessment?.ToString() ?? "Upgrade"}: {name}",
            Severities.Of(n.To.Assessment),
            facts.Headline,
            lines,
            // Without words of upstream's it says what the headline has said already.
            facts.BlockingTask
                is { Reason: BlockingReason.TaskFailed or BlockingReason.RolledBack or BlockingReason.Unknown } told
                ? told.MessageWithoutDetails()
                : null,
            [.. (facts.BlockingTask?.Details ?? []).Select(Line)],
            facts.BlockingTask?.Remediation,
            $"Observed {Moment(n.At)}; everything is as of then. Notification {n.Id}."
        );

        bool Says(string? word) => word is null || facts.Headline.Contains(word, StringComparison.Ordinal);
    }

    private static string Line(FailureDetail detail) =>
        $"{detail.Level ?? "Failed"}: {detail.Name}"
        + (detail.ErrorCodes.Count > 0 ? $" ({string.Join(", ", detail.ErrorCodes)})" : "")
        + (detail.Message is { } message ? $": {message}" : "");

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm' UTC'", CultureInfo.InvariantCulture);

    private static string Word(string upstreams) => ForeignText.OneLine(upstreams, 64);
}
