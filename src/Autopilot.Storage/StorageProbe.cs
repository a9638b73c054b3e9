using Autopilot.Core.Rows;
using Autopilot.Storage.FanOut;
using Autopilot.Storage.Tables;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>Tries whether the tables can be reached, made and written: what <c>check</c> asks before anything depends on it.</summary>
public sealed class StorageProbe
{
    private readonly StorageTables _tables;
    private readonly StorageShardQueue _queue;

    internal StorageProbe(StorageTables tables, StorageShardQueue queue) => (_tables, _queue) = (tables, queue);

    /// <summary>Creates the tables where they are missing, writes a row, reads it and deletes it.</summary>
    /// <returns>Where the tables are, as text without a secret.</returns>
    /// <exception cref="StorageUnavailableException">One of it failed; the message says which and what to do.</exception>
    public async Task<string> CheckAsync(CancellationToken cancellationToken)
    {
        // No shard has this key, so that no cycle and no list ever sees the row.
        var row = new TableEntity("probe", Guid.NewGuid().ToString("N"));
        var table = _tables.Workflows;
        await _tables.Runs.EnsureAsync(cancellationToken);
        await table.EnsureAsync(cancellationToken);
        try
        {
            await table.SendAsync([new(TableTransactionActionType.Add, row)], cancellationToken);
            _ =
                await table.GetAsync(row.PartitionKey, row.RowKey, cancellationToken)
                ?? throw new StorageUnavailableException($"A row that was written to {table.Name} could not be read back.");
            await table.SendAsync([new(TableTransactionActionType.Delete, row, Azure.ETag.All)], cancellationToken);
        }
        catch (Exception e) when (StorageFailure.Of(e, cancellationToken) is { } failure)
        {
            throw failure;
        }
        return $"tables {table.Name} and {_tables.Runs.Name} at {_tables.Address} can be read and written";
    }

    /// <summary>Creates the queue where it is missing and reads its properties; takes no message.</summary>
    /// <returns>Where the queue is, as text without a secret.</returns>
    /// <exception cref="StorageUnavailableException">It failed; the message says how and what to do.</exception>
    public Task<string> CheckQueueAsync(CancellationToken cancellationToken) => _queue.CheckAsync(cancellationToken);
}
