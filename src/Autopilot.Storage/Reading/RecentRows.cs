using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Azure.Data.Tables;
using Microsoft.Extensions.Caching.Memory;

namespace Autopilot.Storage.Reading;

/// <summary>
/// The workflows that were asked for last, as their rows were understood. It saves no read, since any process may have written meanwhile:
/// it saves understanding a row that is still the one of before. Every write gives a row another ETag, which is what the log rests on too.
/// </summary>
internal sealed class RecentRows(StoredTable table) : IDisposable
{
    /// <summary>What it may weigh, in characters of the rows: a thousand ordinary ones.</summary>
    public const long MaxWeight = 4 * 1024 * 1024;

    // Of what a row holds besides its long texts.
    private const int LeastWeight = 1024;

    // A packed text is some ten times as long as its bytes.
    private const int PackedWeight = 10;

    private readonly MemoryCache _rows = new(new MemoryCacheOptions { SizeLimit = MaxWeight });

    /// <summary>How many it holds.</summary>
    public int Count => _rows.Count;

    /// <summary>
    /// The workflow of a row, by one point read: of the same version of a row always the same instance. Null where there is no such row.
    /// </summary>
    public async Task<TrackedWorkflow?> ReadAsync(string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        if (await table.GetAsync(partitionKey, rowKey, cancellationToken) is not { } row)
        {
            return null;
        }
        // Active or finished is part of the key, and the id in it decides the partition.
        return
            _rows.TryGetValue(rowKey, out TrackedWorkflow? known)
            && known?.ETag is { Length: > 0 } version
            && version == row.ETag.ToString()
            ? known
            : ParseAndCache(row);
    }

    /// <summary>Reads a row and remembers it, unless it is too large for that.</summary>
    /// <exception cref="RowUnreadableException">It cannot be read.</exception>
    public TrackedWorkflow ParseAndCache(TableEntity row)
    {
        var workflow = WorkflowRow.Read(table, row).ValueOrThrow()!;
        _rows.Set(row.RowKey, workflow, new MemoryCacheEntryOptions { Size = WeightOf(row) });
        return workflow;
    }

    public void Dispose() => _rows.Dispose();

    private static long WeightOf(TableEntity row) =>
        LeastWeight
        + row.Sum(property =>
            property.Value switch
            {
                string text => text.Length,
                byte[] packed => (long)packed.Length * PackedWeight,
                BinaryData packed => (long)packed.ToMemory().Length * PackedWeight,
                _ => 0,
            }
        );
}
