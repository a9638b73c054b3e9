using Autopilot.Core.Tracking;
using Autopilot.Storage.Rows;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage.Writing;

/// <summary>One workflow's write on its way into a transaction.</summary>
internal sealed class PendingWrite
{
    public PendingWrite(int index, WorkflowWrite write)
    {
        Index = index;
        Write = write;
        Version = new ETag(
            write.Before.ETag ?? throw new ArgumentException("The row that a write began with carries no version.", nameof(write))
        );
        var id = write.After.Target.WorkflowId;
        if (write.Appended is { } state)
        {
            var (history, row) = (HistoryRow.Of(id, state), WorkflowRow.Whole(write.After, RowKeys.Active(id), Version));
            Fits = history.Fits && row.Fits;
            WireBytes = history.WireBytes + row.WireBytes;
            // A transaction ignores the row's own ETag: it must be given, or the write would be unconditional.
            Actions =
            [
                new(TableTransactionActionType.Add, history.Entity),
                new(TableTransactionActionType.UpdateReplace, row.Entity, Version),
            ];
        }
        else
        {
            var row = WorkflowRow.PollTimes(write, Version);
            Fits = row.Fits;
            WireBytes = row.WireBytes;
            Actions = [new(TableTransactionActionType.UpdateMerge, row.Entity, Version)];
        }
        if (write.Notification is { } notification)
        {
            // It replaces what a purge that was cut short may have left there: the workflow's own row is what the transaction is
            // conditional on.
            var row = NotificationRow.Of(notification);
            Fits &= row.Fits;
            WireBytes += row.WireBytes;
            Actions = [new(TableTransactionActionType.UpsertReplace, row.Entity), .. Actions];
        }
    }

    /// <summary>Where it stands among the caller's writes.</summary>
    public int Index { get; }

    public WorkflowWrite Write { get; }

    /// <summary>The version that the row must have: while it has, no one has written since it was read.</summary>
    public ETag Version { get; }

    public IReadOnlyList<TableTransactionAction> Actions { get; }

    public int WireBytes { get; }

    /// <summary>Whether the service takes the rows.</summary>
    public bool Fits { get; }

    public bool IsChange => Write.Appended is not null;

    /// <summary>Most writes in a transaction with this one; grows smaller when the service refuses one of them.</summary>
    public int MaxTogether { get; set; } = int.MaxValue;

    /// <summary>Whether it was sent and the answer was lost.</summary>
    public bool MayBeCommitted { get; set; }

    /// <summary>How often a transaction failed because of it although its row had not moved.</summary>
    public int Stuck { get; set; }
}
