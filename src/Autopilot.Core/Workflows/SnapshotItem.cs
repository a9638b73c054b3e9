namespace Autopilot.Core.Workflows;

/// <summary>One part of a backup, or one rollback to it. Texts are cleaned and short; times are upstream's.</summary>
/// <param name="Type"><see cref="Backup"/>, <see cref="Rollback"/>, or what upstream says.</param>
/// <param name="Status">As upstream says it.</param>
/// <param name="Message">Upstream's own text about it.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last updated.</param>
public sealed record SnapshotItem(string? Type, string? Status, string? Message, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt)
{
    /// <summary>The type of a backup of the control plane.</summary>
    public const string Backup = "master-backup";

    /// <summary>The type of a rollback to a backup.</summary>
    public const string Rollback = "master-backup-rollback";
}
