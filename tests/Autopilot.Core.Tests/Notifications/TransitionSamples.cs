using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Notifications;

/// <summary>Transitions in short form: a chain of assessments at given seconds.</summary>
internal static class TransitionSamples
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static NotificationState StateOf(Assessment assessment, string phase = "Running") =>
        new(assessment, new WorkflowPhase(phase), null, null);

    public static Notification Turn(
        string workflowId,
        long sequence,
        DateTimeOffset at,
        NotificationState from,
        NotificationState to,
        bool final = false
    ) =>
        new()
        {
            WorkflowId = workflowId,
            Sequence = sequence,
            At = at,
            From = from,
            To = to,
            Final = final,
            Facts = new NotificationFacts
            {
                ClusterId = "c1",
                ClusterName = "Checkout",
                Headline = $"{from.Assessment} to {to.Assessment}",
            },
        };

    /// <summary>Each transition begins where the one before ended; the first one at <see cref="Assessment.NotStarted"/>.</summary>
    public static List<Notification> Chain(params (int Second, Assessment To)[] transitions) => Chain("w1", transitions);

    public static List<Notification> Chain(string workflowId, params (int Second, Assessment To)[] transitions)
    {
        var chain = new List<Notification>();
        var from = StateOf(Assessment.NotStarted);
        foreach (var (second, assessment) in transitions)
        {
            var to = StateOf(assessment);
            chain.Add(
                Turn(
                    workflowId,
                    chain.Count + 1,
                    Start.AddSeconds(second),
                    from,
                    to,
                    final: assessment is Assessment.Completed or Assessment.Cancelled
                )
            );
            from = to;
        }

        return chain;
    }
}
