using System.Globalization;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Azure.Data.Tables;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>The workflows that are polled.</summary>
internal static class Fleet
{
    /// <summary>Where they are.</summary>
    public const string Project = "77b6a44cba5143ab91d13ab9a8ff44fd",
        Cluster = "b4b9e60f-8aa2-11ee-af09-0255ac10004f";

    public static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:D8}-1a6e-4d3d-8fa8-2a36329c68d1");

    /// <summary>Where upstream answers it.</summary>
    public static string PathOf(int number) =>
        $"/autopilot/v3/projects/{Project}/clusters/{Cluster}/operation/upgradeworkflows/{IdOf(number)}";

    /// <summary>Tracks so many workflows as a person would.</summary>
    public static async Task TrackAsync(HttpClient http, int workflows)
    {
        for (var number = 0; number < workflows; number++)
        {
            using var answer = await http.PutAsJsonAsync(
                $"/api/workflows/{IdOf(number)}",
                new { clusterId = Cluster, projectId = Project }
            );
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Tracks the first of each shard as a person would, and copies the very first row for the others.</summary>
    public static async Task TrackAsync(ITrackingStore store, TableClient table, int workflows)
    {
        var shards = Enumerable.Range(0, workflows).GroupBy(number => Shard.Of(IdOf(number))).ToList();
        foreach (var shard in shards)
        {
            await store.TrackAsync(
                new WorkflowTarget(Project, Cluster, IdOf(shard.First())),
                null,
                DateTimeOffset.UtcNow,
                onlyIfUnknown: false,
                CancellationToken.None
            );
        }

        if (workflows == 0)
        {
            return;
        }

        var first = (await table.GetEntityAsync<TableEntity>(Shard.Of(IdOf(0)).Key, $"a|{IdOf(0)}")).Value;
        foreach (var shard in shards)
        {
            var copies = shard
                .Skip(1)
                .Select(number => new TableEntity(first) { PartitionKey = shard.Key.Key, RowKey = $"a|{IdOf(number)}" });
            foreach (var batch in copies.Chunk(100))
            {
                await table.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));
            }
        }
    }
}
