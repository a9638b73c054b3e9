using System.Text;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;

namespace Autopilot.Storage.Tests;

/// <summary>Lists and histories, a page at a time.</summary>
public sealed class ListTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Every_workflow_is_listed_once_active_ones_first(int pageSize)
    {
        var store = NewStore();
        var ids = Enumerable.Range(0, 40).Select(i => $"wf-{i}").ToList();
        foreach (var id in ids)
        {
            await TrackAsync(store, id);
        }
        foreach (var id in ids.Take(11))
        {
            await store.UntrackAsync(id, Cancel);
        }

        var all = await AllAsync(store, new WorkflowQuery(), pageSize);

        Assert.Equal(ids.Order(), all.Select(w => w.Target.WorkflowId).Order());
        Assert.Equal(Enumerable.Repeat(true, 29).Concat(Enumerable.Repeat(false, 11)), all.Select(w => w.Tracked));
        Assert.Equal(29, (await AllAsync(store, new WorkflowQuery { Active = true }, pageSize)).Count);
        Assert.Equal(11, (await AllAsync(store, new WorkflowQuery { Active = false }, pageSize)).Count);
    }

    [Fact]
    public async Task A_time_before_the_first_that_the_service_knows_is_asked_for_as_that_first()
    {
        var transport = new FaultyTransport();
        var store = NewStore(transport);
        await store.WriteAsync(Shard.Of("wf-1"), [Change(await TrackAsync(store, "wf-1"), "A")], null, Cancel);
        var asked = "";
        transport.Next = (_, request) =>
        {
            asked = Uri.UnescapeDataString(request.Uri.ToString());
            return Fault.None;
        };

        var all = await store.ReadHistoryAsync("wf-1", DateTimeOffset.MinValue, null, 10, null, Cancel);

        Assert.Single(all.Items);
        Assert.Contains("ObservedAt ge datetime'1601-01-01T00:00:00", asked, StringComparison.Ordinal);
        Assert.Empty((await store.ReadHistoryAsync("wf-1", null, new DateTimeOffset(1600, 12, 31, 23, 0, 0, TimeSpan.Zero), 10, null, Cancel)).Items);
        Assert.Contains("ObservedAt lt datetime'1601-01-01T00:00:00", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_are_the_services_and_what_users_type_stays_a_value()
    {
        var store = NewStore();
        await store.TrackAsync(Target("wf-1", cluster: "c-1"), null, Noon, false, Cancel);
        await store.TrackAsync(Target("wf-2", cluster: "c-2", project: "p-2"), null, Noon, false, Cancel);
        var odd = "O'Neil' or RowKey ge '";
        await store.WriteAsync(Shard.Of("wf-2"), [Change((await store.FindAsync("wf-2", Cancel))!, "A", phase: odd)], null, Cancel);

        Assert.Equal(["wf-1"], await IdsAsync(new WorkflowQuery { ClusterId = "c-1" }));
        Assert.Equal(["wf-2"], await IdsAsync(new WorkflowQuery { ProjectId = "p-2" }));
        Assert.Equal(["wf-2"], await IdsAsync(new WorkflowQuery { Phase = odd }));
        Assert.Empty(await IdsAsync(new WorkflowQuery { Phase = "x' or Phase ne '" }));
        Assert.Empty(await IdsAsync(new WorkflowQuery { ClusterId = "c-1", ProjectId = "p-2" }));

        async Task<List<string>> IdsAsync(WorkflowQuery query) => [.. (await AllAsync(store, query, 10)).Select(w => w.Target.WorkflowId)];
    }

    [Fact]
    public async Task A_token_that_is_not_ours_or_of_another_query_is_refused()
    {
        var store = NewStore();
        for (var i = 0; i < 5; i++)
        {
            await TrackAsync(store, $"wf-{i}");
        }
        var good = (await store.ListAsync(new WorkflowQuery(), 1, null, Cancel)).ContinuationToken!;
        Assert.Matches("^[A-Za-z0-9_-]+$", good);
        var text = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(good));

        foreach (var bad in (string[])["", "x", "%", "Zm9v", new string('A', 5000), Forge("2" + text[1..]), Forge(text[..9] + "ff"), Forge(text[..9] + "zz"), Forge(text[..9] + "00a\nb")])
        {
            await Assert.ThrowsAsync<InvalidContinuationTokenException>(() => store.ListAsync(new WorkflowQuery(), 10, bad, Cancel));
        }
        await Assert.ThrowsAsync<InvalidContinuationTokenException>(() => store.ListAsync(new WorkflowQuery { Phase = "Running" }, 10, good, Cancel));
        await Assert.ThrowsAsync<InvalidContinuationTokenException>(() => store.ReadHistoryAsync("wf-1", null, null, 10, good, Cancel));
    }

    [Theory]
    [InlineData("no-such-token")]
    [InlineData("1!8!zzzz 1!8!zzzz")]
    [InlineData("0 h|")]
    public async Task A_forged_position_shows_nothing_that_the_query_would_not(string position)
    {
        var store = NewStore();
        for (var i = 0; i < 5; i++)
        {
            await TrackAsync(store, $"wf-{i}");
        }
        await store.WriteAsync(Shard.Of("wf-1"), [Change((await store.FindAsync("wf-1", Cancel))!, "A")], Board(Noon), Cancel);
        var text = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars((await store.ListAsync(new WorkflowQuery(), 1, null, Cancel)).ContinuationToken!));

        var shown = new List<TrackedWorkflow>();
        var refused = false;
        try
        {
            shown.AddRange((await store.ListAsync(new WorkflowQuery(), 100, Forge(text[..9] + "00" + position), Cancel)).Items);
        }
        catch (InvalidContinuationTokenException)
        {
            refused = true;
        }

        Assert.True(refused || shown.All(w => w.Target.WorkflowId.StartsWith("wf-", StringComparison.Ordinal) && w.Target.ClusterId == "cluster-1"));
    }

    private static string Forge(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    [Fact]
    public async Task History_is_newest_first_and_cut_by_the_time_of_observation()
    {
        var store = NewStore();
        var row = await TrackAsync(store, "wf-1");
        for (var n = 1; n <= 25; n++)
        {
            // Observed at noon and n minutes.
            var write = Change(row, $"state {n}");
            row = (await store.WriteAsync(Shard.Of("wf-1"), [write], null, Cancel)).Landed(0, write);
        }

        var first = await store.ReadHistoryAsync("wf-1", null, null, 10, null, Cancel);
        Assert.Equal(Enumerable.Range(16, 10).Reverse().Select(n => (long)n), first.Items.Select(h => h.Sequence));
        var second = await store.ReadHistoryAsync("wf-1", null, null, 10, first.ContinuationToken, Cancel);
        var third = await store.ReadHistoryAsync("wf-1", null, null, 10, second.ContinuationToken, Cancel);
        Assert.Equal((10, 5, null), (second.Items.Count, third.Items.Count, third.ContinuationToken));

        var cut = await store.ReadHistoryAsync("wf-1", Noon.AddMinutes(5), Noon.AddMinutes(8), 100, null, Cancel);
        Assert.Equal([7L, 6L, 5L], cut.Items.Select(h => h.Sequence));
        Assert.Equal([new StateChange(UpgradeTaskType.PreCheck, "status", "NotStarted", "Running")], cut.Items[0].Changes);
        await Assert.ThrowsAsync<InvalidContinuationTokenException>(() => store.ReadHistoryAsync("wf-1", Noon, null, 10, first.ContinuationToken, Cancel));
        Assert.Empty((await store.ReadHistoryAsync("wf-unknown", null, null, 10, null, Cancel)).Items);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task A_sequence_that_is_not_there_is_null(long sequence)
    {
        var store = NewStore();
        await store.WriteAsync(Shard.Of("wf-1"), [Change(await TrackAsync(store, "wf-1"), "A")], null, Cancel);

        Assert.Null(await store.ReadStateAsync("wf-1", sequence, Cancel));
        Assert.NotNull(await store.ReadStateAsync("wf-1", 1, Cancel));
    }

    private static async Task<List<TrackedWorkflow>> AllAsync(IWorkflowStore store, WorkflowQuery query, int pageSize)
    {
        var all = new List<TrackedWorkflow>();
        string? token = null;
        do
        {
            var page = await store.ListAsync(query, pageSize, token, Cancel);
            Assert.True(page.Items.Count <= pageSize);
            all.AddRange(page.Items);
            token = page.ContinuationToken;
        }
        while (token is not null);
        return all;
    }
}
