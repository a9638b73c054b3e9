using Autopilot.Core.Tracking;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>A shard's board (<c>b|</c>).</summary>
internal static class BoardRow
{
    // An error's text is cut: the board goes with a transaction of workflows and must not be what makes it fail.
    private const int MaxError = 1024;

    public static RowBuilder Of(Shard shard, ShardBoard board) =>
        new RowBuilder(shard.Key, RowKeys.Board)
            .Set(nameof(ShardBoard.CompletedAt), board.CompletedAt)
            .Set(nameof(ShardBoard.StartedAt), board.StartedAt)
            .Set(nameof(ShardBoard.Active), board.Active)
            .Set(nameof(ShardBoard.Polled), board.Polled)
            .Set(nameof(ShardBoard.Changed), board.Changed)
            .Set(nameof(ShardBoard.Failed), board.Failed)
            .Set(nameof(ShardBoard.LastError), board.LastError is { Length: > MaxError } error ? error[..MaxError] : board.LastError);

    public static ShardBoard Read(TableEntity row) => new()
    {
        CompletedAt = row.Time(nameof(ShardBoard.CompletedAt)),
        StartedAt = row.Time(nameof(ShardBoard.StartedAt)),
        Active = (int)row.Number(nameof(ShardBoard.Active)),
        Polled = (int)row.Number(nameof(ShardBoard.Polled)),
        Changed = (int)row.Number(nameof(ShardBoard.Changed)),
        Failed = (int)row.Number(nameof(ShardBoard.Failed)),
        LastError = row.Text(nameof(ShardBoard.LastError)),
    };
}
