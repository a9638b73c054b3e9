using System.Runtime.CompilerServices;
using Azure.Data.Tables;

namespace Autopilot.Storage.Tests.Rows;

/// <summary>The rows of <see cref="EveryRow"/> as the first version with format 1 wrote them.</summary>
internal static class Format1
{
    public const string Workflows = nameof(Workflows),
        Runs = nameof(Runs);

    /// <summary>Rows by table, without those of ranges, which no version reads any more.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<TableEntity>>> ReadAsync([CallerFilePath] string caller = "")
    {
        var tables = StoredRows.Read(await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(caller)!, "Format1.json")));
        return tables.ToDictionary(
            table => table.Key,
            table => (IReadOnlyList<TableEntity>)[.. table.Value.Where(row => row.PartitionKey != "ranges")]
        );
    }
}
