namespace Autopilot.Core.Notifications;

/// <summary>
/// Which of a workflow's turns a webhook is told. It sees a sequence of states, as far as it looks at them; a state that lasts is told once, with where the
/// workflow stood when the webhook was last told; what did not last is passed over. A pure function of the rows: whoever computes it, and however often, finds the same.
/// </summary>
internal static class Settling
{
    /// <summary>The next verdict on what a webhook has not been told yet.</summary>
    /// <param name="waiting">The turns after the last one that is done for the webhook, in order; at least one.</param>
    public static Verdict Judge(IReadOnlyList<Notification> waiting, Transitions on, TimeSpan settleFor, DateTimeOffset now)
    {
        var told = waiting[0].From.Seen(on);
        DateTimeOffset since = default;
        for (int first = 0, next; ; first = next)
        {
            var seen = waiting[first].To.Seen(on);
            var final = false;
            for (next = first; next < waiting.Count && waiting[next].To.Seen(on) == seen; next++)
                final |= waiting[next].Final;

            since = waiting[first].At;
            // What the webhook does not look at has turned: for it, nothing has.
            var nothing = first == 0 && seen == told;
            var until = next < waiting.Count ? waiting[next].At : now;
            // Backwards: the clock was set in between. How long it lasted nobody knows, and nobody shall wait for the old time to come again.
            if (nothing || final || (until - since).Duration() >= settleFor)
                return new Verdict(next, seen == told ? null : waiting[first] with { From = waiting[0].From }, null);
            if (next == waiting.Count)
                return new Verdict(0, null, since + settleFor);
        }
    }
}

/// <summary>What becomes of a webhook's waiting turns.</summary>
/// <param name="Done">How many of them, from the first, are done once <paramref name="Tell"/> is delivered; 0 while nothing has settled.</param>
/// <param name="Tell">What to tell; null when there is nothing, since the workflow is back where it was.</param>
/// <param name="WaitUntil">When to judge again, of what has not settled.</param>
internal sealed record Verdict(int Done, Notification? Tell, DateTimeOffset? WaitUntil);
