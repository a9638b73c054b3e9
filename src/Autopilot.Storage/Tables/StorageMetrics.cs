using System.Diagnostics.Metrics;
using Autopilot.Core.Rows;

namespace Autopilot.Storage.Tables;

/// <summary>The meter <c>Autopilot.Storage</c>.</summary>
public static class StorageMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Autopilot.Storage";

    private static readonly Meter Meter = new(MeterName);

    /// <summary>
    /// Requests on the wire, each attempt for itself; tags <c>kind</c> (read, write, transaction, table; queue) and <c>status</c> (the
    /// code, or <c>none</c>).
    /// </summary>
    internal static readonly Counter<long> Operations = Meter.CreateCounter<long>(
        "autopilot.storage.operations",
        "{request}",
        "Requests to the table and queue services."
    );

    /// <summary>Writes that met another writer's.</summary>
    internal static readonly Counter<long> Conflicts = Meter.CreateCounter<long>(
        "autopilot.storage.conflicts",
        "{write}",
        "Writes that met another writer's."
    );

    /// <summary>
    /// Rows that cannot be read, each once in the life of the process; tags <c>kind</c> (a <see cref="StoredRowKind"/>) and
    /// <c>reason</c> (damaged, newer).
    /// </summary>
    public static readonly Counter<long> Unreadable = Meter.CreateCounter<long>(
        "autopilot.storage.unreadable",
        "{row}",
        "Rows that cannot be read, each counted once by each process."
    );

    /// <summary>Writes whose answer was lost.</summary>
    internal static readonly Counter<long> Ambiguous = Meter.CreateCounter<long>(
        "autopilot.storage.ambiguous",
        "{write}",
        "Writes whose outcome had to be read back."
    );
}
