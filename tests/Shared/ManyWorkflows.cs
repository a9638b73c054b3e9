using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Azure.Data.Tables;

namespace Autopilot.Testing;

/// <summary>
/// Tracks many workflows at once: the row that the store writes for the first of them is copied for the others in transactions, since one
/// at a time takes seven operations each.
/// </summary>
internal static class ManyWorkflows
{
    private const int MaxTogether = 100;

    /// <param name="tracking">Writes the first row.</param>
    /// <param name="table">The workflows' table of that store.</param>
    /// <param name="ids">Of one cluster and project.</param>
    /// <param name="now">When they are tracked; all are due then.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static Task TrackAsync(
        ITrackingStore tracking,
        TableClient table,
        IReadOnlyList<string> ids,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        TrackAsync(
            first => tracking.TrackAsync(new WorkflowTarget("p", "c", first), null, now, onlyIfUnknown: false, cancellationToken),
            table,
            ids,
            cancellationToken
        );

    /// <param name="track">Makes the app track the first.</param>
    /// <param name="table">The workflows' table of that app.</param>
    /// <param name="ids">Of the first one's cluster and project.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static async Task TrackAsync(
        Func<string, Task> track,
        TableClient table,
        IReadOnlyList<string> ids,
        CancellationToken cancellationToken
    )
    {
        if (ids.Count == 0)
        {
            return;
        }
        await track(ids[0]);
        var columns = (await table.GetEntityAsync<TableEntity>(Shard.Of(ids[0]).Key, $"a|{ids[0]}", cancellationToken: cancellationToken))
            .Value.Where(column => column.Key is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag"))
            .ToList();
        var batches = ids.Skip(1).GroupBy(Shard.Of).SelectMany(shard => shard.Chunk(MaxTogether));
        await Parallel.ForEachAsync(
            batches,
            cancellationToken,
            async (batch, token) =>
                await table.SubmitTransactionAsync(
                    batch.Select(id => new TableTransactionAction(TableTransactionActionType.Add, Row(id))),
                    token
                )
        );

        TableEntity Row(string id)
        {
            var row = new TableEntity(Shard.Of(id).Key, $"a|{id}");
            foreach (var (name, value) in columns)
            {
                row[name] = value;
            }
            return row;
        }
    }
}
