using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>Makes the row of a finished workflow again, from the states of its history and the run that reports have of it.</summary>
public static class RestoredWorkflow
{
    /// <summary>A history holds no reads that saw no change, so it says nothing about times in which the workflow was not read.</summary>
    private static readonly TimeSpan AnyInterval = TimeSpan.FromDays(36500);

    /// <summary>The row, finished, with the end of the run: a second run of the same workflow is not recorded.</summary>
    /// <param name="fresh">The row as it would begin, with the outcome that is known, if any: it counts where the run cannot be
    /// read.</param>
    /// <param name="states">The states that can be read, oldest first.</param>
    /// <param name="newest">The sequence of the newest state, readable or not; 0 where there is none.</param>
    /// <param name="run">Where the run is stored, and what it holds.</param>
    public static TrackedWorkflow Of(TrackedWorkflow fresh, IEnumerable<HistoryState> states, long newest, RecordedRun run)
    {
        var row = fresh;
        var seenLive = true;
        foreach (var state in states)
        {
            if (Observed(state) is { } observation)
            {
                seenLive &= !(state.Entry.Sequence == 1 && observation.State.Phase.IsTerminal);
                row = RowUpdate.Next(row, observation.State, state.Entry.ObservedAt, AnyInterval) with { Hash = observation.Hash };
            }
        }

        return row with
        {
            Sequence = newest,
            ClusterName = row.ClusterName ?? run.Content?.ClusterName,
            SeenLive = run.Content?.SeenLive ?? seenLive,
            Outcome = run.Content?.Outcome ?? fresh.Outcome ?? WorkflowEnd.OutcomeOf(row) ?? WorkflowOutcome.Gone,
            EndedAt = run.EndedAt,
        };
    }

    private static WorkflowObservation? Observed(HistoryState state)
    {
        try
        {
            return WorkflowDocument.Read(state.Document);
        }
        catch (UpstreamException)
        {
            // One document that cannot be read any more: the others give the rest.
            return null;
        }
    }
}
