using Autopilot.Core.Tracking;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>A shard's board (<c>b|</c>).</summary>
internal static class BoardRow
{
    // An error's text is cut: the board goes with a transaction of workflows and must not be what makes it fail.
    private const int MaxError = 1024;

    private const string LeaseHolder = nameof(LeaseHolder), LeaseUntil = nameof(LeaseUntil);

    public static RowFormat<ShardBoard> Format { get; } = new(
        StoredRowKind.Board,
        [
            LeaseHolder, LeaseUntil, nameof(ShardBoard.CompletedAt), nameof(ShardBoard.StartedAt), nameof(ShardBoard.Active), nameof(ShardBoard.Polled), nameof(ShardBoard.Changed),
            nameof(ShardBoard.Failed), nameof(ShardBoard.Unreadable), nameof(ShardBoard.LastError),
        ],
        Read,
        _ => null);

    /// <summary>Merged into the row, so that what this version does not know of it stays. Under a lease it ends that, on condition of the row's version; without one it leaves whatever lease there is.</summary>
    public static RowBuilder Of(Shard shard, ShardBoard board) =>
        new RowBuilder(shard.Key, RowKeys.Board, board.Lease is null ? default : VersionOf(board))
            .Set(nameof(ShardBoard.CompletedAt), board.CompletedAt)
            .Set(nameof(ShardBoard.StartedAt), board.StartedAt)
            .Set(nameof(ShardBoard.Active), board.Active)
            .Set(nameof(ShardBoard.Polled), board.Polled)
            .Set(nameof(ShardBoard.Changed), board.Changed)
            .Set(nameof(ShardBoard.Failed), board.Failed)
            .Set(nameof(ShardBoard.Unreadable), board.Unreadable)
            // A merge cannot take a value away: empty stands for none.
            .Set(nameof(ShardBoard.LastError), board.LastError is { Length: > MaxError } error ? error[..MaxError] : board.LastError ?? "")
            .Set(LeaseHolder, board.Lease is null ? null : "");

    /// <summary>A lease alone, to be merged into the board.</summary>
    public static TableEntity OfLease(Shard shard, ShardLease lease) => new(shard.Key, RowKeys.Board) { [LeaseHolder] = lease.Holder, [LeaseUntil] = lease.Until };

    public static ETag VersionOf(ShardBoard board) => new(board.Version ?? throw new ArgumentException("The board carries no version.", nameof(board)));

    public static string? HolderOf(TableEntity row) => row.Raw(LeaseHolder) as string;

    private static ShardBoard Read(TableEntity row) => new()
    {
        CompletedAt = row.Time(nameof(ShardBoard.CompletedAt)),
        StartedAt = row.Time(nameof(ShardBoard.StartedAt)),
        Active = row.Count(nameof(ShardBoard.Active)),
        Polled = row.Count(nameof(ShardBoard.Polled)),
        Changed = row.Count(nameof(ShardBoard.Changed)),
        Failed = row.Count(nameof(ShardBoard.Failed)),
        Unreadable = row.Count(nameof(ShardBoard.Unreadable)),
        LastError = row.Text(nameof(ShardBoard.LastError)),
        // A lease that cannot be read is none: unlike the rest of the board it is not written by every cycle.
        Lease = HolderOf(row) is { Length: > 0 } holder && row.Raw(LeaseUntil) is DateTimeOffset until ? new ShardLease(holder, until) : null,
        Version = row.ETag.ToString(),
    };
}
