using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Storage.Reading;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage.Rows;

/// <summary>A shard status as a row (<c>b|</c>).</summary>
internal static class ShardStatusRow
{
    // An error's text is cut: the shard status is written with a transaction of workflows and must not make it fail.
    private const int MaxError = 1024;

    private const string LeaseHolder = nameof(LeaseHolder),
        LeaseUntil = nameof(LeaseUntil);

    public static RowFormat<ShardStatus> Format { get; } =
        new(
            StoredRowKind.Board,
            [
                LeaseHolder,
                LeaseUntil,
                nameof(ShardStatus.CompletedAt),
                nameof(ShardStatus.StartedAt),
                nameof(ShardStatus.Active),
                nameof(ShardStatus.Polled),
                nameof(ShardStatus.Changed),
                nameof(ShardStatus.Failed),
                nameof(ShardStatus.Unreadable),
                nameof(ShardStatus.LastError),
            ],
            Read,
            _ => null
        );

    /// <summary>
    /// Merged into the row, so that what this version does not know of it stays. Under a lease it ends that, on condition of the row's
    /// version; without one it leaves whatever lease there is.
    /// </summary>
    public static RowBuilder Of(Shard shard, ShardStatus status) =>
        new RowBuilder(shard.Key, RowKeys.ShardStatus, status.Lease is null ? default : VersionOf(status))
            .Set(nameof(ShardStatus.CompletedAt), status.CompletedAt)
            .Set(nameof(ShardStatus.StartedAt), status.StartedAt)
            .Set(nameof(ShardStatus.Active), status.Active)
            .Set(nameof(ShardStatus.Polled), status.Polled)
            .Set(nameof(ShardStatus.Changed), status.Changed)
            .Set(nameof(ShardStatus.Failed), status.Failed)
            .Set(nameof(ShardStatus.Unreadable), status.Unreadable)
            // A merge cannot take a value away: empty stands for none.
            .Set(
                nameof(ShardStatus.LastError),
                status.LastError is { Length: > MaxError } error ? error[..MaxError] : status.LastError ?? ""
            )
            .Set(LeaseHolder, status.Lease is null ? null : "");

    /// <summary>A lease alone, to be merged into the shard status.</summary>
    public static TableEntity OfLease(Shard shard, ShardLease lease) =>
        new(shard.Key, RowKeys.ShardStatus) { [LeaseHolder] = lease.Holder, [LeaseUntil] = lease.Until };

    public static ETag VersionOf(ShardStatus status) =>
        new(status.ETag ?? throw new ArgumentException("The shard status carries no version.", nameof(status)));

    public static string? HolderOf(TableEntity row) => row.Raw(LeaseHolder) as string;

    private static ShardStatus Read(TableEntity row) =>
        new()
        {
            CompletedAt = row.Time(nameof(ShardStatus.CompletedAt)),
            StartedAt = row.Time(nameof(ShardStatus.StartedAt)),
            Active = row.Count(nameof(ShardStatus.Active)),
            Polled = row.Count(nameof(ShardStatus.Polled)),
            Changed = row.Count(nameof(ShardStatus.Changed)),
            Failed = row.Count(nameof(ShardStatus.Failed)),
            Unreadable = row.Count(nameof(ShardStatus.Unreadable)),
            LastError = row.Text(nameof(ShardStatus.LastError)),
            // A lease that cannot be read counts as none: unlike the rest of the shard status, not every cycle writes it.
            Lease =
                HolderOf(row) is { Length: > 0 } holder && row.Raw(LeaseUntil) is DateTimeOffset until
                    ? new ShardLease(holder, until)
                    : null,
            ETag = row.ETag.ToString(),
        };
}
