using Autopilot.Core.Workflows;

namespace Autopilot.Core.Notifications;

/// <summary>
/// Decides which transitions of a workflow a webhook is notified of. A state that lasts is notified once, with the state of the last
/// notification before it. One that did not last is left out, and one that keeps changing is notified as unsettled. A pure function of the
/// rows and of the last read of the workflow: every process that computes it finds the same.
/// </summary>
internal static class NotificationDebounce
{
    /// <summary>How many times <c>Notifications:SettleFor</c> a workflow may keep changing before it is notified as unsettled.</summary>
    public const int UnsettledAfter = 3;

    /// <summary>The next decision about what a webhook has not been notified of yet.</summary>
    /// <param name="waiting">The transitions after the last one that is done for the webhook, in order; at least one.</param>
    /// <param name="on">The transitions that the webhook is notified of.</param>
    /// <param name="settleFor">How long a state must last; zero for every transition.</param>
    /// <param name="lastRead">When the workflow was last read and showed the last of these states; far in the future where no read will
    /// follow.</param>
    /// <param name="now">The present.</param>
    public static DebounceDecision Decide(
        IReadOnlyList<Notification> waiting,
        Transitions on,
        TimeSpan settleFor,
        DateTimeOffset lastRead,
        DateTimeOffset now
    )
    {
        var reported = waiting[0].From.Seen(on);
        DateTimeOffset? changing = null;
        for (int first = 0, next; ; first = next)
        {
            var seen = waiting[first].To.Seen(on);
            var final = false;
            for (next = first; next < waiting.Count && waiting[next].To.Seen(on) == seen; next++)
            {
                final |= waiting[next].Final;
            }

            var since = waiting[first].At;

            // The change is not one that the webhook is notified of: for it, nothing has changed.
            var nothing = first == 0 && seen == reported;
            if (nothing || final || HasLasted(since, next))
            {
                return new DebounceDecision(next, seen == reported ? null : waiting[first] with { From = waiting[0].From }, null);
            }

            // Only states that are known not to have lasted: then every process finds the same, and the state that lasts is notified as
            // settled.
            changing ??= since;
            if (settleFor > TimeSpan.Zero && seen != reported && next < waiting.Count && since - changing >= UnsettledAfter * settleFor)
            {
                return new DebounceDecision(next, waiting[first] with { From = waiting[0].From, Unsettled = true }, null);
            }

            if (next == waiting.Count)
            {
                return new DebounceDecision(0, null, since + settleFor);
            }
        }

        bool HasLasted(DateTimeOffset since, int next)
        {
            var until = next < waiting.Count ? waiting[next].At : now;

            // Backwards: the clock was set in between. How long it lasted is not known, and the old time is not waited for.
            var length = (until - since).Duration();

            // One read shows that a state is there, not that it lasted. Rows of older versions do not state the read before a transition.
            var read = next < waiting.Count ? waiting[next].ReadBefore ?? until : lastRead;
            return length >= settleFor && (settleFor == TimeSpan.Zero || read > since || until < since);
        }
    }
}
