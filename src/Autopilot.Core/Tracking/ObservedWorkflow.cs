using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>Applies one poll to a workflow's row: pure functions of the row, the response and the time at which it arrived.</summary>
internal static class ObservedWorkflow
{
    /// <summary>Longest message of a failure that is kept, in characters.</summary>
    private const int MaxMessage = 512;

    /// <summary>Whether an answer may stand for the workflow: a bad answer never overwrites a good one.</summary>
    public static UpstreamException? Refusal(WorkflowTarget target, WorkflowObservation observation)
    {
        var state = observation.State;
        if (state.Id is { } id && !id.Equals(target.WorkflowId, StringComparison.OrdinalIgnoreCase))
        {
            return new UpstreamException(
                UpstreamFailure.Invalid,
                "Upstream answered with another workflow than the one that was asked for."
            );
        }

        if (state.ClusterId is { } clusterId && !clusterId.Equals(target.ClusterId, StringComparison.OrdinalIgnoreCase))
        {
            return new UpstreamException(
                UpstreamFailure.Invalid,
                "Upstream answered with a workflow of another cluster than the one that was asked for."
            );
        }

        if (state.Phase.Value is null or "" && state.Tasks.Count == 0)
        {
            return new UpstreamException(UpstreamFailure.Invalid, "Upstream answered with a workflow that has neither a phase nor tasks.");
        }

        return null;
    }

    /// <summary>The write that a good answer leads to; its next poll is still to be set.</summary>
    /// <param name="before">The row as it was.</param>
    /// <param name="observation">The answer.</param>
    /// <param name="baseline">What is normal.</param>
    /// <param name="now">When the answer arrived.</param>
    /// <param name="pollInterval">The row's own poll interval: a read that comes more than three of them after the one before leaves a
    /// gap.</param>
    public static WorkflowWrite Answered(
        TrackedWorkflow before,
        WorkflowObservation observation,
        Baseline baseline,
        DateTimeOffset now,
        TimeSpan pollInterval
    )
    {
        var reached = before with
        {
            Failure = null,
            GoneSince = null,
            SeenLive = before.SeenLive && !(before.State is null && observation.State.Phase.IsTerminal),
        };
        if (observation.Hash == before.Hash)
        {
            return new WorkflowWrite(before, End(RowUpdate.Unchanged(reached, observation.State, now, pollInterval), now), null);
        }

        var after = End(RowUpdate.Next(reached, observation.State, now, pollInterval) with { Hash = observation.Hash }, now);
        var state = after.State!;
        var entry = new HistoryEntry
        {
            Sequence = after.Sequence,
            ObservedAt = now,
            Phase = state.Phase,
            Assessment = WorkflowSummarizer.Assess(after, baseline),
            Hash = observation.Hash,
            Changes = StateChanges.Between(before.State, state),
        };
        return new WorkflowWrite(before, after, new HistoryState(entry, observation.Document));
    }

    /// <summary>The same write with what upstream says of a failed run: no change of state, so that nothing is appended for it.</summary>
    public static WorkflowWrite Explained(WorkflowWrite write, TaskAttempt run, FailureReport report) =>
        write with
        {
            After = write.After with { TaskFailures = TaskFailures.Add(write.After.TaskFailures, run, report) },
        };

    /// <summary>The same write with what upstream says of the latest backup: no change of state either.</summary>
    public static WorkflowWrite WithBackup(WorkflowWrite write, LatestBackup backup) =>
        write with
        {
            After = write.After with { Backup = backup },
        };

    /// <summary>The write that a failed read of this one workflow leads to: the last good state stays.</summary>
    public static WorkflowWrite Failed(TrackedWorkflow before, UpstreamException exception, DateTimeOffset now, PollingOptions options)
    {
        // 404s are counted by themselves: three in a row mean gone, whatever failed before them.
        var notFound = exception.Failure is UpstreamFailure.NotFound;
        var goesOn = before.Failure is { } earlier && (earlier.Kind is UpstreamFailure.NotFound) == notFound;
        var message = exception.Message.Length <= MaxMessage ? exception.Message : exception.Message[..MaxMessage];
        var failure = new PollFailure(
            exception.Failure,
            exception.Code,
            message,
            goesOn ? before.Failure!.Since : now,
            goesOn ? before.Failure!.Count + 1 : 1
        )
        {
            Cause = exception.Cause,
        };
        var after = before with { Failure = failure };
        if (notFound && failure.Count >= options.GoneAfter)
        {
            after = after with { GoneSince = before.GoneSince ?? failure.Since };
        }
        // Only a 404 proves that it is still gone.
        if (notFound && after.GoneSince is { } since && now - since >= options.GoneFor)
        {
            after = after with { Outcome = WorkflowOutcome.Gone, EndedAt = since };
        }

        return new WorkflowWrite(before, after, null);
    }

    private static TrackedWorkflow End(TrackedWorkflow workflow, DateTimeOffset now)
    {
        if (workflow.State is not { } state || workflow.IsFinished || WorkflowEnd.OutcomeOf(workflow) is not { } outcome)
        {
            return workflow;
        }

        return workflow with
        {
            Outcome = outcome,
            EndedAt = WorkflowEnd.Of(state, workflow.Runs, workflow.PhaseSince ?? now),
        };
    }
}
