using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;

namespace Autopilot.Core.Listing;

/// <summary>
/// Writes the runs of the stored finished workflows again: for runs that were written before their shape grew. The end is fixed, and with
/// it the key, so that every run replaces its old one; a repetition writes the same.
/// </summary>
public sealed class FinishedUpgradeRebuild(IWorkflowListStore workflows, IRunStore runs)
{
    private const int AtOnce = 8;

    /// <returns>How many runs were written.</returns>
    /// <exception cref="StorageUnavailableException">The store cannot be reached: what was written stays.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var written = 0;
        await Parallel.ForEachAsync(
            workflows.ReadFinishedRowsAsync(cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (workflow, stopping) =>
            {
                // An untracked workflow stands among the finished ones and has no end.
                if (workflow is { Purging: false, Outcome: not null, EndedAt: not null })
                {
                    await runs.WriteAsync(FinishedUpgrade.Of(workflow), stopping);
                    Interlocked.Increment(ref written);
                }
            }
        );
        return written;
    }
}
