using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
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
    string? MayDo,
    string Footer
)
{
    /// <summary>Longest text about one failed item, in characters, and places that it names at most.</summary>
    private const int MaxDetail = 300,
        MostRiskSources = 5;

    /// <summary>
    /// Each finding once: what the title or the headline says is not among the facts, and what the details say is not in the message.
    /// </summary>
    public static NotificationView Of(Notification n)
    {
        var facts = n.Facts;
        var name = SummaryPhrases.Name(facts.ClusterName, facts.ClusterId, n.WorkflowId);
        List<(string, string)> lines = [];
        if (facts.ClusterId is { } clusterId && clusterId != name)
        {
            lines.Add(("Cluster", clusterId));
        }

        if (
            SummaryPhrases.Versions(facts.FromVersion, facts.TargetVersion) is { } versions
            && !(Says(facts.FromVersion) && Says(facts.TargetVersion))
        )
        {
            lines.Add(("Upgrade", versions));
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
                    n.From.Phase is { } before && before != phase
                        ? $"{SummaryPhrases.Word(phase.Value)}, was {SummaryPhrases.Word(before.Value)}"
                        : SummaryPhrases.Word(phase.Value)
                )
            );
        }

        if (facts.BlockingTask is { } blocking)
        {
            var isSaid = blocking.Since is { } since && Says(HumanDuration.At(since));
            lines.Add(
                (BlockingLabel.Of(n.To.Assessment), SummaryPhrases.Blocking(blocking, isSaid ? null : HumanDuration.At, withLength: false))
            );
            if (blocking.TaskId is { Length: > 0 } taskId && SupportTicket.IsAdvised(facts.Actions))
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
            lines.Add(("Progress", SummaryPhrases.Progress(progress)));
        }

        if (facts.Estimate is { CompletesAt: { } completesAt })
        {
            lines.Add(("Should be done", HumanDuration.At(completesAt)));
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
            [
                .. (facts.BlockingTask?.Details ?? [])
                    .Select(detail => SummaryPhrases.Detail(detail, MaxDetail, MostRiskSources))
                    .Select(detail => $"{detail.Label}: {detail.Text}"),
            ],
            facts.BlockingTask?.Remediation,
            facts.Actions is { } actions ? OfferedActions.Of(actions) : null,
            $"Observed {HumanDuration.At(n.At)}; everything is as of then. Notification {n.Id}."
        );

        bool Says(string? word) => word is null || facts.Headline.Contains(word, StringComparison.Ordinal);
    }
}
