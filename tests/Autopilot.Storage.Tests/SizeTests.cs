using System.Text;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Writing;
using Azure.Data.Tables;

namespace Autopilot.Storage.Tests;

/// <summary>The service's limits, kept by our own measure: the emulator accepts more than the service does.</summary>
public sealed class SizeTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Theory]
    [InlineData(100)]
    [InlineData(32 * 1024)]
    [InlineData(32 * 1024 + 1)]
    [InlineData(40_000)]
    [InlineData(900 * 1024)]
    public async Task A_document_comes_back_byte_for_byte(int length)
    {
        var store = NewStore();
        var document = Document(length, seed: 1);

        var report = await store.WriteAsync(
            Shard.Of("wf-1"),
            [Change(await TrackAsync(store, "wf-1"), "A", document: document)],
            null,
            Cancel
        );

        Assert.Equal([WriteOutcome.Committed], report.Outcomes);
        Assert.Equal(document, (await store.ReadStateAsync("wf-1", 1, Cancel))!.Document.ToArray());
        foreach (var row in await WorkflowsTable.QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel))
        {
            Assert.All(((IDictionary<string, object>)row).Values.OfType<string>(), s => Assert.True(s.Length <= 32 * 1024));
            Assert.All(((IDictionary<string, object>)row).Values.OfType<byte[]>(), b => Assert.True(b.Length <= 64 * 1024));
        }
    }

    [Fact]
    public async Task A_document_that_is_no_valid_text_comes_back_byte_for_byte()
    {
        var store = NewStore();
        byte[] document = [.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        await store.WriteAsync(Shard.Of("wf-1"), [Change(await TrackAsync(store, "wf-1"), "A", document: document)], null, Cancel);

        Assert.Equal(document, (await store.ReadStateAsync("wf-1", 1, Cancel))!.Document.ToArray());
    }

    [Fact]
    public async Task The_most_changes_there_can_be_come_back_with_the_list()
    {
        var store = NewStore();
        var random = new Random(3);
        string Noise(int length) => new([.. Enumerable.Range(0, length).Select(_ => (char)random.Next(0x4E00, 0x9FFF))]);
        List<StateChange> changes = [new(null, "dependencies", Noise(4097), Noise(4097))];
        while (changes.Count <= StateChanges.Most)
        {
            changes.Add(new StateChange(new UpgradeTaskType(Noise(128)), "taskId", Noise(128), Noise(128)));
        }
        var write = Change(await TrackAsync(store, "wf-1"), "A");
        write = write with { Appended = write.Appended! with { Entry = write.Appended.Entry with { Changes = changes } } };

        await store.WriteAsync(Shard.Of("wf-1"), [write], null, Cancel);

        Assert.Equal(changes, Assert.Single(await HistoryAsync(store, "wf-1")).Changes);
    }

    [Theory]
    [InlineData("Changes0", new byte[] { 1, 2, 3 })]
    [InlineData("Changes0", new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3 })]
    [InlineData("Changes", "[{")]
    [InlineData("Changes", "{}")]
    public async Task An_entry_that_cannot_be_read_is_counted_and_takes_no_other_away(string property, object value)
    {
        var store = NewStore();
        var first = Change(await TrackAsync(store, "wf-1"), "A");
        var row = (await store.WriteAsync(Shard.Of("wf-1"), [first], null, Cancel)).Committed(0, first);
        await store.WriteAsync(Shard.Of("wf-1"), [Change(row, "B")], null, Cancel);
        var broken = await WorkflowsTable.GetEntityAsync<TableEntity>(
            Shard.Of("wf-1").Key,
            RowKeys.History("wf-1", 1),
            cancellationToken: Cancel
        );
        broken.Value.Remove("Changes");
        broken.Value[property] = value;
        await WorkflowsTable.UpdateEntityAsync(broken.Value, Azure.ETag.All, TableUpdateMode.Replace, Cancel);

        var history = await store.ReadHistoryAsync("wf-1", null, null, 100, null, Cancel);

        Assert.Equal((HashOf("B"), 1), (Assert.Single(history.Items).Hash, history.Unreadable));
        Assert.Equal("status", Assert.Single(history.Items[0].Changes).What);
        var unreadable = await Assert.ThrowsAsync<RowUnreadableException>(() => store.ReadStateAsync("wf-1", 1, Cancel));
        Assert.Equal(
            (StoredRowKind.History, "wf-1", RowKeys.History("wf-1", 1), false),
            (unreadable.Row.Kind, unreadable.Row.Id, unreadable.Row.RowKey, unreadable.Row.IsFromNewerVersion)
        );
    }

    [Fact]
    public async Task A_document_that_cannot_fit_is_refused_and_its_neighbours_land()
    {
        var store = NewStore();
        var shard = Shard.All[7];
        var rows = await SeedAsync(store, shard, IdsIn(shard, 3));
        var noise = new byte[3 * 1024 * 1024];
        new Random(5).NextBytes(noise);

        var report = await store.WriteAsync(
            shard,
            [Change(rows[0], "A"), Change(rows[1], "A", document: noise), Change(rows[2], "A")],
            Board(Noon),
            Cancel
        );

        Assert.Equal([WriteOutcome.Committed, WriteOutcome.TooLarge, WriteOutcome.Committed], report.Outcomes);
        await AssertHistoryAsync(store, rows[0].Target.WorkflowId, "A");
        await AssertHistoryAsync(store, rows[1].Target.WorkflowId);
        await AssertHistoryAsync(store, rows[2].Target.WorkflowId, "A");
    }

    [Fact]
    public async Task Large_documents_are_spread_over_transactions_that_the_service_takes()
    {
        var transport = new FaultyTransport();
        var largest = 0L;
        transport.Next = (kind, request) =>
        {
            if (kind is "transaction" && request.Content!.TryComputeLength(out var length))
            {
                largest = Math.Max(largest, length);
            }
            return Fault.None;
        };
        var store = NewStore(transport);
        var shard = Shard.All[8];
        var rows = await SeedAsync(store, shard, IdsIn(shard, 12));
        transport.Forget();
        byte[] Noise(int seed)
        {
            var noise = new byte[700 * 1024];
            new Random(seed).NextBytes(noise);
            return noise;
        }

        var report = await store.WriteAsync(shard, [.. rows.Select((r, i) => Change(r, "A", document: Noise(i)))], Board(Noon), Cancel);

        Assert.All(report.Outcomes, o => Assert.Equal(WriteOutcome.Committed, o));
        Assert.InRange(largest, 2 * 1024 * 1024, 4 * 1024 * 1024);
        Assert.Equal(4, transport.Count("transaction"));
    }

    [Fact]
    public async Task The_estimate_of_the_wire_is_an_upper_bound_even_for_text_that_is_all_escapes()
    {
        var transport = new FaultyTransport();
        var measured = new List<(long Wire, long Estimate)>();
        var store = NewStore(transport);
        var row = await TrackAsync(store, "wf-1");
        var write = Change(row, "A", document: Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\"<ü\n\\漢", 4000))));
        transport.Next = (kind, request) =>
        {
            if (kind is "transaction" && request.Content!.TryComputeLength(out var length))
            {
                measured.Add((length, new PendingWrite(0, write).WireBytes));
            }
            return Fault.None;
        };

        await store.WriteAsync(Shard.Of("wf-1"), [write], null, Cancel);

        var (wire, estimate) = Assert.Single(measured);
        Assert.InRange(wire, estimate / 2, estimate);
    }

    [Fact]
    public void A_row_over_a_mebibyte_does_not_fit_although_each_property_does()
    {
        var row = new RowBuilder("0", "a|wf-1");
        for (var i = 0; i < 15; i++)
        {
            row.Set($"P{i}", new string('x', RowBuilder.MaxString));
        }
        Assert.True(row.Fits);

        Assert.False(row.Set("P15", new string('x', RowBuilder.MaxString)).Fits);
        Assert.False(new RowBuilder("0", "a|wf-1").Set("P", new string('x', RowBuilder.MaxString + 1)).Fits);
    }

    [Fact]
    public async Task A_workflow_with_a_hundred_runs_comes_back_whole()
    {
        var store = NewStore();
        var write = Change(await TrackAsync(store, "wf-1"), "A");
        write = write with
        {
            After = write.After with
            {
                Runs =
                [
                    .. Enumerable
                        .Range(0, 400)
                        .Select(i => new TaskAttempt
                        {
                            Type = UpgradeTaskType.Cluster,
                            TaskId = Guid.NewGuid().ToString(),
                            Status = UpgradeTaskStatus.Failed,
                            StartedAt = Noon.AddMinutes(i),
                            EndedAt = Noon.AddMinutes(i + 1),
                            StatusSince = Noon,
                            LastSeenAt = Noon,
                            Superseded = true,
                        }),
                ],
            },
        };

        await store.WriteAsync(Shard.Of("wf-1"), [write], null, Cancel);

        Assert.Equal(write.After.Runs, (await store.FindAsync("wf-1", Cancel))!.Runs);
    }

    /// <summary>Looks like upstream's JSON: compressible, but not for nothing.</summary>
    private static byte[] Document(int length, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("{\"status\":[");
        while (text.Length < length)
        {
            text.Append("{\"taskId\":\"")
                .Append(random.NextInt64().ToString("x16", System.Globalization.CultureInfo.InvariantCulture))
                .Append("\",\"status\":\"Success\"},");
        }
        return Encoding.UTF8.GetBytes(text.ToString(0, length));
    }
}
