using System.Collections.Frozen;
using System.Globalization;
using Autopilot.Core.Rows;
using Autopilot.Storage.Rows;
using Azure.Data.Tables;

namespace Autopilot.Storage.Reading;

/// <summary>
/// How rows of one kind are read. A column, or a member of a JSON text, that this version does not know is ignored and kept. A row is
/// unreadable where a required column is missing or broken, or an enum's name is unknown. It is also unreadable where its format version is
/// above <see cref="Version"/>.
/// </summary>
/// <param name="kind">What the rows hold.</param>
/// <param name="columns">The columns that this version knows, those of long texts without the number of their parts.</param>
/// <param name="read">Throws where a column cannot be read.</param>
/// <param name="idOf">The workflow, cluster or project that a row belongs to, by its key.</param>
internal sealed class RowFormat<T>(
    StoredRowKind kind,
    IEnumerable<string> columns,
    Func<TableEntity, T> read,
    Func<TableEntity, string?> idOf
)
    where T : class
{
    /// <summary>
    /// The version of the row's format, a whole number; absent in rows of version 1. It grows only where an older version would misread the
    /// row.
    /// </summary>
    public const string VersionColumn = "V";

    private readonly FrozenSet<string> _known = columns
        .Concat([VersionColumn, "PartitionKey", "RowKey", "Timestamp", "odata.etag"])
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The newest version of this kind's format that is known here.</summary>
    public int Version { get; init; } = 1;

    /// <param name="row">Null where there is no such row.</param>
    /// <param name="table">The name of its table.</param>
    public RowRead<T> Read(TableEntity? row, string table)
    {
        if (row is null)
        {
            return default;
        }
        try
        {
            var version = row.Whole(VersionColumn) ?? 1;
            return version > Version
                ? Unreadable(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"has format version {version}, and this version reads those up to {Version}"
                    ),
                    isNewer: true
                )
                : new RowRead<T>(read(row), null);
        }
        catch (UnreadableColumnException e)
        {
            return Unreadable(e.Message, isNewer: false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A pure function of the row: whatever it throws, the row is what it stumbles over.
            return Unreadable($"holds what no version has written ({e.GetType().Name})", isNewer: false);
        }

        RowRead<T> Unreadable(string reason, bool isNewer) =>
            new(
                null,
                new UnreadableRow(kind, table, row.PartitionKey, row.RowKey, reason) { Id = idOf(row), IsFromNewerVersion = isNewer }
            );
    }

    /// <summary>The columns that this version does not know; null where it knows all.</summary>
    public IReadOnlyDictionary<string, object>? UnknownOf(TableEntity row)
    {
        Dictionary<string, object>? unknown = null;
        foreach (var (name, value) in row)
        {
            if (!IsKnown(name) && value is not null)
            {
                (unknown ??= []).Add(name, value);
            }
        }
        return unknown;
    }

    private bool IsKnown(string name) =>
        _known.Contains(name) || (char.IsAsciiDigit(name[^1]) && _known.Contains(name.TrimEnd("0123456789".ToCharArray())));
}
