using System.Globalization;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Azure.Data.Tables;

namespace Autopilot.Storage.Reading;

/// <summary>
/// What is stored about a workflow besides its row. A new row continues from it: behind the newest state, and finished where its run is
/// stored.
/// </summary>
internal sealed class HistoryReader(StoredTable workflows, StoredTable runs)
{
    /// <summary>
    /// The row that begins for a workflow, behind its newest state and the newest notification that waits. One read where there is no past.
    /// </summary>
    /// <param name="fresh">The row as it would begin without a past.</param>
    /// <param name="damaged">The row that it replaces; null where there is none.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<TrackedWorkflow> BeginAsync(TrackedWorkflow fresh, TableEntity? damaged, CancellationToken cancellationToken)
    {
        var id = fresh.Target.WorkflowId;
        var newest = await NewestSequenceAsync(workflows, id, cancellationToken);
        if (newest == 0 && damaged is null)
        {
            return fresh;
        }
        if (
            MayHaveEnded(damaged)
            && await FindRunAsync(id, damaged?.Raw(WorkflowRow.EndedAt) as DateTimeOffset?, cancellationToken) is { } run
        )
        {
            return RestoredWorkflow.Of(
                fresh with
                {
                    Outcome = OutcomeOf(damaged),
                },
                await ReadStatesAsync(id, cancellationToken),
                newest,
                run
            );
        }
        return fresh with { Sequence = newest, LastNotified = await BehindNotificationsAsync(workflows, id, cancellationToken) };
    }

    /// <summary>The sequence of a workflow's newest state, readable or not; 0 where it has no history. One read.</summary>
    public static async Task<long> NewestSequenceAsync(StoredTable workflows, string workflowId, CancellationToken cancellationToken)
    {
        var prefix = RowKeys.HistoryPrefix(workflowId);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {RowKeys.PartitionOf(workflowId)} and RowKey ge {prefix} and RowKey lt {RowKeys.After(prefix)}"
        );
        await foreach (var page in workflows.QueryAsync(filter, 1, ["RowKey"], null, cancellationToken))
        {
            if (page.Values is [var newest, ..])
            {
                return RowKeys.SequenceOf(newest.RowKey);
            }
        }
        return 0;
    }

    /// <summary>
    /// What a row before its first read remembers where notifications of the workflow still wait: the next gets the sequence behind theirs.
    /// </summary>
    /// <returns>Null where none wait.</returns>
    public static async Task<LastNotified?> BehindNotificationsAsync(
        StoredTable workflows,
        string workflowId,
        CancellationToken cancellationToken
    )
    {
        var prefix = RowKeys.NotificationsOf(workflowId);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {RowKeys.PartitionOf(workflowId)} and RowKey ge {prefix} and RowKey lt {RowKeys.After(prefix)}"
        );
        string? newest = null;
        await foreach (var page in workflows.QueryAsync(filter, null, ["RowKey"], null, cancellationToken))
        {
            newest = page.Values is [.., var last] ? last.RowKey : newest;
        }

        return
            newest is not null
            && long.TryParse(newest.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new LastNotified(new NotificationState(Assessment.Unknown, null, null, null), sequence)
            : null;
    }

    /// <summary>
    /// The newest run of a workflow: one point read where its end is known, else a read of the runs' table. Null where there is none.
    /// </summary>
    public async Task<RecordedRun?> FindRunAsync(string workflowId, DateTimeOffset? endedAt, CancellationToken cancellationToken)
    {
        if (endedAt is { } end)
        {
            var partition = RunRow.PartitionOf(RunRow.MonthOf(end));
            if (await runs.GetAsync(partition, RunRow.KeyOf(end, workflowId), cancellationToken) is { } row)
            {
                return RunOf(row);
            }
        }
        var from = RunRow.PartitionOf(RunScan.FirstMonth);
        var to = RunRow.PartitionOf(RunScan.LastMonth);
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey le {to} and WorkflowId eq {workflowId}");
        RecordedRun? newest = null;
        await foreach (var page in runs.QueryAsync(filter, null, null, null, cancellationToken))
        {
            foreach (var run in page.Values.Select(RunOf).OfType<RecordedRun>())
            {
                newest = newest is null || run.EndedAt > newest.EndedAt ? run : newest;
            }
        }
        return newest;
    }

    /// <summary>
    /// A damaged row that has neither an outcome nor an end has no run. Where the row itself is gone, only the runs' table shows it.
    /// </summary>
    private static bool MayHaveEnded(TableEntity? damaged) =>
        damaged is null || damaged.Raw(WorkflowRow.Outcome) is not (null or "") || damaged.Raw(WorkflowRow.EndedAt) is not (null or "");

    private static WorkflowOutcome? OutcomeOf(TableEntity? damaged) =>
        damaged?.Raw(WorkflowRow.Outcome) is string text
        && Enum.TryParse<WorkflowOutcome>(text, out var outcome)
        && Enum.GetName(outcome) == text
            ? outcome
            : null;

    private RecordedRun? RunOf(TableEntity row) =>
        RunRow.EndOf(row.RowKey) is { } endedAt ? new RecordedRun(endedAt, runs.Read(RunRow.Format, row).Value) : null;

    /// <summary>The states that can be read, oldest first.</summary>
    private async Task<IEnumerable<HistoryState>> ReadStatesAsync(string workflowId, CancellationToken cancellationToken)
    {
        var prefix = RowKeys.HistoryPrefix(workflowId);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {RowKeys.PartitionOf(workflowId)} and RowKey ge {prefix} and RowKey lt {RowKeys.After(prefix)}"
        );
        var states = new Stack<HistoryState>();
        await foreach (var page in workflows.QueryAsync(filter, null, null, null, cancellationToken))
        {
            foreach (var row in page.Values)
            {
                if (workflows.Read(HistoryRow.StateFormat, row).Value is { } state)
                {
                    states.Push(state);
                }
            }
        }
        return states;
    }
}
