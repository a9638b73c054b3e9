using Autopilot.Core.Workflows;
using Azure.Data.Tables;
using Microsoft.Extensions.Caching.Memory;

namespace Autopilot.Storage;

/// <summary>
/// The workflows that were asked for last, as their rows were understood. It saves no read, since any process may have written meanwhile: it saves taking apart a row that is still the one
/// of before. Every write gives a row another ETag, which is what the log rests on too.
/// </summary>
internal sealed class RecentRows : IDisposable
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

    /// <summary>The workflow of a row that has just been read: of the same row always the same instance.</summary>
    public TrackedWorkflow Read(TableEntity row)
    {
        // Active or finished is part of the key, and the key says the partition.
        if (_rows.TryGetValue(row.RowKey, out TrackedWorkflow? known) && known!.Version == row.ETag.ToString())
        {
            return known;
        }
        var workflow = WorkflowRow.Read(row);
        _rows.Set(row.RowKey, workflow, new MemoryCacheEntryOptions { Size = WeightOf(row) });
        return workflow;
    }

    public void Dispose() => _rows.Dispose();

    private static long WeightOf(TableEntity row) => LeastWeight + row.Sum(property => property.Value switch
    {
        string text => text.Length,
        byte[] packed => (long)packed.Length * PackedWeight,
        BinaryData packed => (long)packed.ToMemory().Length * PackedWeight,
        _ => 0,
    });
}
