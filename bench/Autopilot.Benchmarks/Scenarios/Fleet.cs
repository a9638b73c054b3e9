using System.Globalization;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Azure.Data.Tables;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>The workflows that are polled.</summary>
internal static class Fleet
{
    private const string Project = "77b6a44cba5143ab91d13ab9a8ff44fd", Cluster = "b4b9e60f-8aa2-11ee-af09-0255ac10004f";

    public static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:D8}-1a6e-4d3d-8fa8-2a36329c68d1");

    /// <summary>Where upstream answers it.</summary>
    public static string PathOf(int number) => $"/autopilot/v3/projects/{Project}/clusters/{Cluster}/operation/upgradeworkflows/{IdOf(number)}";

    /// <summary>Tracks the first as anybody would, and copies its row for the others.</summary>
    public static async Task TrackAsync(IWorkflowStore store, TableClient table, int workflows)
    {
        if (workflows == 0)
            return;
        await store.TrackAsync(new WorkflowTarget(Project, Cluster, IdOf(0)), null, DateTimeOffset.UtcNow, onlyIfUnknown: false, CancellationToken.None);
        var first = (await table.GetEntityAsync<TableEntity>(Shard.Of(IdOf(0)).Key, $"a|{IdOf(0)}")).Value;
        var copies = Enumerable.Range(1, workflows - 1).Select(number => new TableEntity(first) { PartitionKey = Shard.Of(IdOf(number)).Key, RowKey = $"a|{IdOf(number)}" });
        foreach (var batch in copies.GroupBy(row => row.PartitionKey).SelectMany(shard => shard.Chunk(100)))
            await table.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));
    }
}
