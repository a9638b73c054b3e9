using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Rows;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests;

/// <summary>Clusters, projects, and what discovery records.</summary>
public sealed class ClusterStoreTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Fact]
    public async Task A_cluster_comes_back_as_it_was_with_the_shards_own_read()
    {
        var (store, workflows) = NewStores();
        var full = new TrackedCluster
        {
            ProjectId = "p1",
            ClusterId = "c1",
            Name = "店-checkout",
            NameGiven = true,
            NameReadAt = Noon.AddTicks(1),
            NamePassedOn = "old",
            Origin = DiscoveryOrigin.Settings,
            TrackedAt = Noon,
            DiscoveredAt = Noon.AddMinutes(1),
            NextDiscoveryAt = Noon.AddMinutes(6),
            Listed = 3,
            Settled = ["w1", "w2"],
            CurrentWorkflowId = "w1",
            Failure = new PollFailure(UpstreamFailure.Denied, "CCE.01403001", "Not yours.", Noon, 2),
        };
        var created = await store.TrackClusterAsync(full, onlyIfUnknown: false, Cancel);
        var contents = await workflows.ReadShardAsync(Shard.Of("c1"), Cancel);
        Assert.Equal(DiscoveryTrackStatus.Created, created.Status);
        Assert.Equivalent(full with { ETag = created.Row.ETag }, Assert.Single(contents.Clusters), strict: true);
        Assert.Equivalent(full with { ETag = created.Row.ETag }, await store.FindClusterAsync("c1", Cancel), strict: true);
        Assert.Empty(contents.Workflows);
        Assert.Empty((await (await NewListerAsync()).ListAsync(new WorkflowQuery(), default, 10, null, Cancel)).Items);
    }

    [Fact]
    public async Task A_project_comes_back_as_it_was_with_thousands_of_clusters()
    {
        var (store, workflows) = NewStores();
        var full = new TrackedProject
        {
            ProjectId = "p1",
            TrackedAt = Noon,
            ListedAt = Noon,
            NextListAt = Noon.AddMinutes(30),
            Clusters =
            [
                .. Enumerable
                    .Range(0, 3000)
                    .Select(i => new ListedCluster($"{Guid.NewGuid()}", i % 3 == 0 ? null : $"name with blanks {i}")),
            ],
        };
        await store.TrackProjectAsync(full with { Clusters = [] }, onlyIfUnknown: false, Cancel);
        var row = (await store.FindProjectAsync("p1", Cancel))!;
        await store.WriteAsync(Shard.Of("p1"), [], [full with { Version = row.Version }], Cancel);
        Assert.Equal(full.Clusters, Assert.Single((await workflows.ReadShardAsync(Shard.Of("p1"), Cancel)).Projects).Clusters);
    }

    [Fact]
    public async Task What_a_person_deleted_comes_back_by_a_person_only()
    {
        var (store, workflows) = NewStores();
        await store.TrackClusterAsync(Cluster("c1") with { Settled = ["purged"] }, onlyIfUnknown: false, Cancel);
        Assert.True(await store.UntrackClusterAsync("c1", Cancel));
        Assert.False(await store.UntrackClusterAsync("c1", Cancel));
        Assert.Null(await store.FindClusterAsync("c1", Cancel));
        Assert.Empty((await workflows.ReadShardAsync(Shard.Of("c1"), Cancel)).Clusters);
        Assert.Empty((await store.ListClustersAsync(null, 10, null, Cancel)).Items);

        Assert.Equal(
            DiscoveryTrackStatus.LeftUntracked,
            (await store.TrackClusterAsync(Cluster("c1") with { Origin = DiscoveryOrigin.Settings }, onlyIfUnknown: true, Cancel)).Status
        );
        var again = await store.TrackClusterAsync(
            Cluster("c1") with
            {
                TrackedAt = Noon.AddDays(1),
                NextDiscoveryAt = Noon.AddDays(1),
            },
            onlyIfUnknown: false,
            Cancel
        );
        Assert.Equal((DiscoveryTrackStatus.Created, Noon.AddDays(1), true), (again.Status, again.Row.TrackedAt, again.Row.Tracked));
        Assert.Equal(["purged"], (await store.FindClusterAsync("c1", Cancel))!.Settled);
    }

    [Fact]
    public async Task A_repeated_request_writes_nothing_and_a_new_project_or_name_is_due_at_once()
    {
        var (store, _) = NewStores();
        var first = await store.TrackClusterAsync(Cluster("c1"), onlyIfUnknown: false, Cancel);
        var repeated = await store.TrackClusterAsync(
            Cluster("c1") with
            {
                NextDiscoveryAt = Noon.AddHours(1),
            },
            onlyIfUnknown: false,
            Cancel
        );
        Assert.Equal(
            (DiscoveryTrackStatus.AlreadyTracked, first.Row.ETag, Noon),
            (repeated.Status, repeated.Row.ETag, repeated.Row.NextDiscoveryAt)
        );

        await store.WriteAsync(
            Shard.Of("c1"),
            [
                first.Row with
                {
                    Failure = new PollFailure(UpstreamFailure.NotFound, null, "404", Noon, 1),
                    NextDiscoveryAt = Noon.AddDays(1),
                },
            ],
            [],
            Cancel
        );
        var moved = (
            await store.TrackClusterAsync(
                Cluster("c1") with
                {
                    ProjectId = "p2",
                    Name = "ours",
                    NameGiven = true,
                    NextDiscoveryAt = Noon.AddHours(2),
                },
                onlyIfUnknown: false,
                Cancel
            )
        ).Row;
        Assert.Equal(
            ("p2", "ours", true, null, Noon.AddHours(2)),
            (moved.ProjectId, moved.Name, moved.NameGiven, moved.Failure, moved.NextDiscoveryAt)
        );

        await store.TrackClusterAsync(
            Cluster("c1") with
            {
                Name = "theirs",
                Origin = DiscoveryOrigin.Project,
            },
            onlyIfUnknown: true,
            Cancel
        );
        Assert.Equal("ours", (await store.FindClusterAsync("c1", Cancel))!.Name);
    }

    [Theory]
    [InlineData(Fault.CutBefore)]
    [InlineData(Fault.CutAfter)]
    [InlineData(Fault.FailAfter)]
    public async Task A_request_whose_response_was_lost_still_returns_new(Fault fault)
    {
        var transport = new FaultyTransport();
        var (store, _) = NewStores(transport);
        await store.TrackClusterAsync(Cluster("other"), onlyIfUnknown: false, Cancel);
        var struck = false;
        transport.Next = (kind, _) => kind == "write" && !struck && (struck = true) ? fault : Fault.None;
        Assert.Equal(DiscoveryTrackStatus.Created, (await store.TrackClusterAsync(Cluster("c1"), onlyIfUnknown: false, Cancel)).Status);
        Assert.NotNull(await store.FindClusterAsync("c1", Cancel));
    }

    [Fact]
    public async Task A_row_that_a_person_changed_meanwhile_is_kept_and_the_others_are_written()
    {
        var (store, workflows) = NewStores();
        var ids = IdsIn(Shard.All[3], 3);
        foreach (var id in ids)
        {
            await store.TrackClusterAsync(Cluster(id), onlyIfUnknown: false, Cancel);
        }

        var read = (await workflows.ReadShardAsync(Shard.All[3], Cancel)).Clusters;
        await store.UntrackClusterAsync(ids[1], Cancel);
        await store.WriteAsync(Shard.All[3], [.. read.Select(c => c with { DiscoveredAt = Noon })], [], Cancel);

        Assert.Equal(
            (Noon, Noon),
            ((await store.FindClusterAsync(ids[0], Cancel))!.DiscoveredAt, (await store.FindClusterAsync(ids[2], Cancel))!.DiscoveredAt)
        );
        Assert.Null(await store.FindClusterAsync(ids[1], Cancel));
    }

    [Fact]
    public async Task Two_hundred_and_fifty_scans_of_a_shard_take_three_transactions()
    {
        var transport = new FaultyTransport();
        var (store, workflows) = NewStores(transport);
        var shard = Shard.All[5];
        await Parallel.ForEachAsync(
            IdsIn(shard, 250),
            async (id, token) => await store.TrackClusterAsync(Cluster(id), onlyIfUnknown: false, token)
        );
        var read = (await workflows.ReadShardAsync(shard, Cancel)).Clusters;
        transport.Forget();
        await store.WriteAsync(shard, [.. read.Select(c => c with { DiscoveredAt = Noon })], [], Cancel);
        Assert.Equal((3, 3), (transport.Count("transaction"), transport.CountAll));
        Assert.All((await workflows.ReadShardAsync(shard, Cancel)).Clusters, c => Assert.Equal(Noon, c.DiscoveredAt));
    }

    [Fact]
    public async Task Lists_page_over_the_shards_and_filter_by_project()
    {
        var (store, _) = NewStores();
        for (var i = 0; i < 40; i++)
        {
            await store.TrackClusterAsync(Cluster($"c{i}") with { ProjectId = $"p{i % 2}" }, onlyIfUnknown: false, Cancel);
        }

        await store.TrackProjectAsync(new TrackedProject { ProjectId = "p0", TrackedAt = Noon }, onlyIfUnknown: false, Cancel);

        var found = new List<string>();
        for (string? token = null; ; )
        {
            var page = await store.ListClustersAsync("p1", 7, token, Cancel);
            Assert.Equal(page.ContinuationToken is null ? 20 % 7 : 7, page.Items.Count);
            found.AddRange(page.Items.Select(c => c.ClusterId));
            if ((token = page.ContinuationToken) is null)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"c{2 * i + 1}").Order(StringComparer.Ordinal), found);
        Assert.Equal(["p0"], (await store.ListProjectsAsync(10, null, Cancel)).Items.Select(p => p.ProjectId));
        await Assert.ThrowsAsync<InvalidContinuationTokenException>(() => store.ListClustersAsync(null, 7, "nonsense", Cancel));
    }

    [Fact]
    public async Task A_project_takes_along_the_clusters_that_came_by_it_and_no_other()
    {
        var (store, _) = NewStores();
        await store.TrackProjectAsync(new TrackedProject { ProjectId = "p1", TrackedAt = Noon }, onlyIfUnknown: false, Cancel);
        await store.TrackClusterAsync(Cluster("theirs") with { Origin = DiscoveryOrigin.Project }, onlyIfUnknown: true, Cancel);
        await store.TrackClusterAsync(Cluster("wished") with { Origin = DiscoveryOrigin.Project }, onlyIfUnknown: true, Cancel);
        await store.TrackClusterAsync(Cluster("wished"), onlyIfUnknown: false, Cancel);
        await store.TrackClusterAsync(
            Cluster("elsewhere") with
            {
                ProjectId = "p2",
                Origin = DiscoveryOrigin.Project,
            },
            onlyIfUnknown: true,
            Cancel
        );

        Assert.True(await store.UntrackProjectAsync("p1", Cancel));
        Assert.False(await store.UntrackProjectAsync("p1", Cancel));
        Assert.Null(await store.FindProjectAsync("p1", Cancel));
        Assert.Equal(
            ["elsewhere", "wished"],
            (await store.ListClustersAsync(null, 10, null, Cancel)).Items.Select(c => c.ClusterId).Order()
        );
        Assert.Equal(
            DiscoveryTrackStatus.LeftUntracked,
            (
                await store.TrackProjectAsync(
                    new TrackedProject { ProjectId = "p1", Origin = DiscoveryOrigin.Settings },
                    onlyIfUnknown: true,
                    Cancel
                )
            ).Status
        );
        Assert.Equal(
            DiscoveryTrackStatus.Created,
            (await store.TrackProjectAsync(new TrackedProject { ProjectId = "p1", TrackedAt = Noon }, onlyIfUnknown: false, Cancel)).Status
        );
    }

    [Fact]
    public async Task A_cluster_that_is_forgotten_is_news_to_its_project_again()
    {
        var (store, _) = NewStores();
        var project = (
            await store.TrackProjectAsync(new TrackedProject { ProjectId = "p1", TrackedAt = Noon }, onlyIfUnknown: false, Cancel)
        ).Row;
        await store.WriteAsync(Shard.Of("p1"), [], [project with { Clusters = [new("gone", null), new("here", "prod")] }], Cancel);
        var gone = (
            await store.TrackClusterAsync(Cluster("gone") with { Origin = DiscoveryOrigin.Project }, onlyIfUnknown: true, Cancel)
        ).Row;

        await store.ForgetClusterAsync(gone, Cancel);

        Assert.Null(await store.FindClusterAsync("gone", Cancel));
        Assert.Equal([new ListedCluster("here", "prod")], (await store.FindProjectAsync("p1", Cancel))!.Clusters);
    }

    [Theory]
    [InlineData(Fault.None)]
    [InlineData(Fault.CutAfter)]
    public async Task A_workflow_that_had_ended_is_recorded_once_with_its_state_and_its_mark(Fault fault)
    {
        var transport = new FaultyTransport();
        var (store, workflows) = NewStores(transport);
        await store.TrackClusterAsync(Cluster("other"), onlyIfUnknown: false, Cancel);
        var found = Found("w1");
        var struck = fault is Fault.None;
        transport.Next = (kind, _) => kind == "transaction" && !struck && (struck = true) ? fault : Fault.None;

        var row = await store.RecordAsync(found, Cancel);
        Assert.Null(await store.RecordAsync(Found("w1", Noon.AddHours(1)), Cancel));
        await workflows.FinishAsync(row!, FinishedUpgrade.Of(row!), Cancel);

        var stored = (await workflows.FindAsync("w1", Cancel))!;
        Assert.Equal((false, WorkflowOutcome.Succeeded, 1L), (stored.SeenLive, stored.Outcome, stored.Sequence));
        Assert.Equal(found.Appended!.Document.ToArray(), (await workflows.ReadStateAsync("w1", 1, Cancel))!.Document.ToArray());
        Assert.Empty((await workflows.ReadShardAsync(Shard.Of("w1"), Cancel)).Workflows);
        var runs = new List<TableEntity>();
        await foreach (var run in RunsTable.QueryAsync<TableEntity>(cancellationToken: Cancel))
        {
            runs.Add(run);
        }

        Assert.False(RunRow.Format.Read(Assert.Single(runs), "Runs").Value!.SeenLive);
    }

    [Fact]
    public async Task A_tracked_workflow_is_not_overwritten()
    {
        var (store, workflows) = NewStores();
        await TrackAsync(workflows, "w1");
        await TrackAsync(workflows, "w2");
        await workflows.UntrackAsync("w2", Cancel);
        Assert.Null(await store.RecordAsync(Found("w1"), Cancel));
        Assert.Null(await store.RecordAsync(Found("w2"), Cancel));
        Assert.Equal(
            (0L, false),
            ((await workflows.FindAsync("w1", Cancel))!.Sequence, (await workflows.FindAsync("w2", Cancel))!.Tracked)
        );
    }

    private (IClusterStore Clusters, TableWorkflowStore Workflows) NewStores(FaultyTransport? transport = null)
    {
        var services = NewServices(transport);
        return (services.GetRequiredService<IClusterStore>(), services.GetRequiredService<TableWorkflowStore>());
    }

    private static TrackedCluster Cluster(string id) =>
        new()
        {
            ProjectId = "p1",
            ClusterId = id,
            TrackedAt = Noon,
            NextDiscoveryAt = Noon,
        };

    private static WorkflowWrite Found(string id, DateTimeOffset? at = null)
    {
        var write = Change(
            new TrackedWorkflow
            {
                Target = Target(id),
                TrackedAt = at ?? Noon,
                SeenLive = false,
            },
            "A",
            at,
            phase: "Success"
        );
        return write with { After = write.After with { Outcome = WorkflowOutcome.Succeeded, EndedAt = Noon.AddDays(-3) } };
    }
}
