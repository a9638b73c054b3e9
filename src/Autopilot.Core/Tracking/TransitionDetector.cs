using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Detects a workflow's transition, and adds the notification to the write that stores its cause: they are stored together or not at all.
/// The row stores the latest state, since an assessment can change by time alone, and since another process may run without webhooks.
/// </summary>
internal sealed class TransitionDetector(IOptions<NotificationOptions> options, Cadence cadence, TimeProvider clock)
{
    /// <summary>The write, with what it means for notifications. Without webhooks it stays as it is.</summary>
    public WorkflowWrite WithNotification(WorkflowWrite write, Baseline baseline)
    {
        if (options.Value.Webhooks.Count == 0)
        {
            return write;
        }

        var known = write.Before.LastNotified;
        var to = NotificationState.Of(write.After, baseline);
        // A row from before there were webhooks remembers nothing: what it showed so far is old news.
        var from = known?.Latest ?? NotificationState.Of(write.Before, baseline);
        if (from == to)
        {
            return known is null ? Remember(write, new LastNotified(to, 0)) : write;
        }

        // What had ended before its first read has made no transition while it was watched.
        if (write is { Before.State: null, After: { State: not null, IsFinished: true } })
        {
            return Remember(write, new LastNotified(to, known?.Notified ?? 0));
        }

        var now = clock.GetUtcNow();
        var sequence = (known?.Notified ?? 0) + 1;
        var notification = new Notification
        {
            WorkflowId = write.After.Target.WorkflowId,
            Sequence = sequence,
            At = now,
            From = from,
            To = to,
            Final = write.After.IsFinished,
            ReadBefore = write.Before.GoneSince is null ? write.Before.ObservedAt : now,
            Facts = NotificationFacts.Of(WorkflowSummarizer.Summarize(write.After, baseline, now, cadence.IntervalOf(write.After))),
        };
        return IsWanted(notification)
            ? Remember(ReadAgain(write, now), new LastNotified(to, sequence)) with
            {
                Notification = notification,
            }
            : Remember(write, new LastNotified(to, sequence - 1));
    }

    /// <summary>
    /// A state is notified once a second read has shown it: that read comes when the state has lasted long enough, at the latest.
    /// </summary>
    private WorkflowWrite ReadAgain(WorkflowWrite write, DateTimeOffset now) =>
        options.Value.SettleFor > TimeSpan.Zero && !write.After.IsFinished && write.After.NextPollAt > now + options.Value.SettleFor
            ? write with
            {
                After = write.After with { NextPollAt = now + options.Value.SettleFor },
            }
            : write;

    // While states are debounced, a transition that no webhook wants still proves that the state before did not last.
    private bool IsWanted(Notification notification) =>
        options.Value.Webhooks.Any(webhook =>
            options.Value.SettleFor > TimeSpan.Zero ? webhook.Watches(notification) : webhook.Wants(notification)
        );

    private static WorkflowWrite Remember(WorkflowWrite write, LastNotified known) =>
        write with
        {
            After = write.After with { LastNotified = known },
        };
}
