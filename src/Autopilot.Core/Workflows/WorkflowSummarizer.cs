namespace Autopilot.Core.Workflows;

/// <summary>Computes the summary: a pure function of what is stored and, for <see cref="WorkflowSummary.Stale"/> alone, of the moment of the answer.</summary>
public static class WorkflowSummarizer
{
    /// <param name="workflow">The stored row.</param>
    /// <param name="now">Moment of the answer; only staleness depends on it.</param>
    /// <param name="pollInterval">The workflow's own poll interval, from <c>Cadence</c>.</param>
    public static WorkflowSummary Summarize(TrackedWorkflow workflow, DateTimeOffset now, TimeSpan pollInterval) => throw new NotImplementedException();

    /// <summary>Only what the state means, for metrics and for the history.</summary>
    public static Assessment Assess(TrackedWorkflow workflow) => throw new NotImplementedException();
}
