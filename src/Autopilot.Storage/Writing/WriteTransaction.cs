using Autopilot.Storage.Rows;
using Azure.Data.Tables;

namespace Autopilot.Storage.Writing;

/// <summary>The content of one transaction: changes or poll times of several workflows, and with the last one the shard status.</summary>
internal sealed class WriteTransaction
{
    /// <summary>
    /// Rows in a transaction besides the shard status: 49 changes of two rows each, or 99 poll times; a notification is one more row.
    /// </summary>
    public const int MaxRows = 99;

    // Left free in every transaction for the shard status: it may turn out to be the last.
    private const int RoomForStatus = 16 * 1024;

    private int _wireBytes;
    private int _rows;
    private int _most = int.MaxValue;

    public List<PendingWrite> Writes { get; } = [];

    public RowBuilder? Status { get; private set; }

    public List<TableTransactionAction> Actions
    {
        get
        {
            var actions = Writes.SelectMany(w => w.Actions).ToList();
            if (Status is { } status)
            {
                actions.Add(
                    status.ETag == default
                        ? new(TableTransactionActionType.UpsertMerge, status.Entity)
                        : new(TableTransactionActionType.UpdateMerge, status.Entity, status.ETag)
                );
            }
            return actions;
        }
    }

    /// <summary>The write that the transaction's n-th action belongs to; null for the shard status.</summary>
    public PendingWrite? WriteOf(int action)
    {
        foreach (var write in Writes)
        {
            if ((action -= write.Actions.Count) < 0)
            {
                return write;
            }
        }
        return null;
    }

    /// <summary>As few transactions as the limits allow: changes first, then poll times, the shard status with the last.</summary>
    public static List<WriteTransaction> Pack(IReadOnlyCollection<PendingWrite> writes, RowBuilder? status)
    {
        var batches = new List<WriteTransaction>();
        foreach (var changes in (bool[])[true, false])
        {
            WriteTransaction? batch = null;
            foreach (var write in writes.Where(w => w.IsChange == changes))
            {
                if (batch is null || !batch.TryAdd(write))
                {
                    batches.Add(batch = new WriteTransaction());
                    batch.TryAdd(write);
                }
            }
        }
        if (status is not null)
        {
            // Where one of the workflows may be what is refused, the shard status goes alone.
            if (batches.Count == 0 || batches[^1].Writes.Exists(w => w.MaxTogether == 1))
            {
                batches.Add(new WriteTransaction());
            }
            batches[^1].Status = status;
        }
        return batches;
    }

    private bool TryAdd(PendingWrite write)
    {
        var most = Math.Min(_most, write.MaxTogether);
        if (
            Writes.Count > 0
            && (
                Writes.Count >= most
                || _rows + write.Actions.Count > MaxRows
                || _wireBytes + write.WireBytes > RowBuilder.MaxTransaction - RoomForStatus
            )
        )
        {
            return false;
        }
        _most = most;
        _rows += write.Actions.Count;
        _wireBytes += write.WireBytes;
        Writes.Add(write);
        return true;
    }
}
