using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Tracking.Discovery;

public sealed class DiscoveryTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly MemoryStore _store = new();
    private readonly MemoryFleet _fleet;
    private readonly FleetUpstream _upstream = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private readonly List<ServiceProvider> _providers = [];

    public DiscoveryTests() => _store.Fleet = _fleet = new MemoryFleet(_store);

    public void Dispose() => _providers.ForEach(p => p.Dispose());

    [Fact]
    public async Task A_new_cluster_is_scanned_in_the_next_cycle_and_its_active_upgrade_read_at_once()
    {
        Put("c1");
        _upstream.Names["c1"] = "checkout";
        _upstream.Workflows["c1"] = [("w1", "Running")];

        var result = await CycleAsync();

        Assert.Equal((1, 1, 0, true), (result.Clusters, result.Discovered, result.Recorded, result.Complete));
        Assert.Equal(["name c1", "list c1", "show w1"], _upstream.Asked);
        Assert.Equal(
            ("checkout", 1L, Start, true),
            (_store["w1"].ClusterName, _store["w1"].Sequence, _store["w1"].ObservedAt, _store["w1"].SeenLive)
        );
        var cluster = _fleet.Clusters["c1"];
        Assert.Equal(("checkout", Start, 1, "w1"), (cluster.Name, cluster.DiscoveredAt, cluster.Listed, cluster.CurrentWorkflowId));
        Assert.Equal(["w1"], cluster.Settled);
    }

    [Fact]
    public async Task A_first_read_that_breaks_is_the_workflows_failure_and_not_its_clusters()
    {
        Put("c1");
        _upstream.Workflows["c1"] = [("w1", "Running"), ("w2", "Running")];
        _upstream.Broken.Add("w1");

        var result = await CycleAsync();

        Assert.Equal((1, 0, 2), (result.Clusters, result.ClustersFailed, result.Discovered));
        Assert.Equal((UpstreamFailure.Invalid, 1L), (_store["w1"].Failure!.Kind, _store["w2"].Sequence));
        Assert.Null(_fleet.Clusters["c1"].Failure);
    }

    [Fact]
    public async Task What_had_ended_when_it_was_first_seen_is_recorded_once_and_marked()
    {
        Put("c1");
        _upstream.Workflows["c1"] = [("w1", "Success")];

        Assert.Equal((0, 1), await CycleAsync() is var first ? (first.Discovered, first.Recorded) : default);
        Assert.Equal((0, 0), await CycleAsync(dueOnly: false) is var second ? (second.Discovered, second.Recorded) : default);

        var row = _store["w1"];
        Assert.Equal((false, WorkflowOutcome.Succeeded, 1L), (row.SeenLive, row.Outcome, row.Sequence));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 25, 0, TimeSpan.Zero), row.EndedAt);
        Assert.Equal(1, Assert.Single(_store.HistoryOf("w1")).Entry.Sequence);
        var run = Assert.Single(_store.Runs);
        Assert.Equal((false, row.EndedAt!.Value), (run.SeenLive, run.EndedAt));
        Assert.Equal(900d, Assert.Single(run.Tasks).RunSeconds);
        Assert.DoesNotContain("show w1", _upstream.Asked);
        var summary = WorkflowSummarizer.Summarize(row, Baseline.Empty, _clock.GetUtcNow(), Minute);
        Assert.False(summary.SeenLive);
        Assert.Contains(summary.Insights, insight => insight.Code == "NotSeenLive");
        Assert.Null(_fleet.Clusters["c1"].CurrentWorkflowId);
    }

    [Fact]
    public async Task A_cancelled_upgrade_never_seen_ends_at_its_last_known_time_not_its_discovery()
    {
        Put("c1");
        _upstream.Workflows["c1"] = [("w1", "Cancel")];
        await CycleAsync();
        Assert.Equal(
            (WorkflowOutcome.Cancelled, new DateTimeOffset(2026, 1, 1, 0, 10, 0, TimeSpan.Zero)),
            (_store["w1"].Outcome, _store["w1"].EndedAt)
        );
    }

    [Fact]
    public async Task A_crash_before_the_move_is_picked_up_by_the_next_cycle_without_asking_upstream()
    {
        Put("c1");
        _upstream.Workflows["c1"] = [("w1", "Success")];
        _store.NotFinishing.Add("w1");
        await CycleAsync();
        Assert.Empty(_store.Runs);

        _store.NotFinishing.Clear();
        _clock.Advance(Minute);
        Assert.Equal(1, (await CycleAsync()).Finished);
        Assert.Single(_store.Runs);
        Assert.DoesNotContain("show w1", _upstream.Asked);
    }

    [Fact]
    public async Task What_a_person_untracked_stays_untracked_in_any_process()
    {
        Put("c1");
        _store.Put(new TrackedWorkflow { Target = new WorkflowTarget("p", "c1", "w1"), Tracked = false });
        _upstream.Workflows["c1"] = [("w1", "Running")];

        Assert.Equal(0, (await CycleAsync()).Discovered);
        Restart();
        Assert.Equal(0, (await CycleAsync(dueOnly: false)).Discovered);
        Assert.False(_store["w1"].Tracked);
    }

    [Fact]
    public async Task What_a_person_purged_does_not_come_back_while_upstream_lists_it()
    {
        Put("c1");
        _upstream.Workflows["c1"] = [("w1", "Running")];
        await CycleAsync();
        _store.Remove("w1");

        Restart();
        Assert.Equal(0, (await CycleAsync(dueOnly: false)).Discovered);
        Assert.Null(await _store.FindAsync("w1", CancellationToken.None));
    }

    [Fact]
    public async Task A_list_that_is_empty_for_once_brings_nothing_back_that_a_person_purged()
    {
        Put("c1");
        _upstream.Workflows["c1"] = [("w1", "Running")];
        await CycleAsync();
        _store.Remove("w1");
        _upstream.Workflows["c1"] = [];
        await CycleAsync(dueOnly: false);
        _upstream.Workflows["c1"] = [("w1", "Running")];

        Assert.Equal(0, (await CycleAsync(dueOnly: false)).Discovered);
    }

    [Fact]
    public async Task What_retention_would_take_away_again_is_not_recorded()
    {
        Put("c1");
        _upstream.Workflows["c1"] = [("w1", "Success")];
        _clock.Advance(TimeSpan.FromDays(181));

        Assert.Equal(0, (await CycleAsync()).Recorded);
        Assert.Empty(_store.Runs);
        Assert.Equal(["w1"], _fleet.Clusters["c1"].Settled);
    }

    [Fact]
    public async Task A_cluster_costs_one_get_a_scan_and_one_for_its_name_a_day()
    {
        Put("c1");
        _upstream.Names["c1"] = "checkout";
        _upstream.Workflows["c1"] = [("w1", "Success"), ("w2", "Success")];
        for (var tick = 0; tick < 24 * 60; tick++, _clock.Advance(Minute))
        {
            await CycleAsync();
        }

        Assert.InRange(_upstream.Asked.Count(asked => asked == "list c1"), 288, 289);
        Assert.Equal(1, _upstream.Asked.Count(asked => asked == "name c1"));
        Assert.Equal(_upstream.Asked.Count, _upstream.Asked.Count(asked => asked.EndsWith(" c1", StringComparison.Ordinal)));
        for (var tick = 0; tick < 10; tick++, _clock.Advance(Minute))
        {
            await CycleAsync();
        }

        Assert.Equal(2, _upstream.Asked.Count(asked => asked == "name c1"));
    }

    [Fact]
    public async Task A_name_that_upstream_changes_reaches_the_active_workflows()
    {
        Put("c1");
        _upstream.Names["c1"] = "checkout";
        _upstream.Workflows["c1"] = [("w1", "Running")];
        await CycleAsync();
        _upstream.Names["c1"] = "checkout-2";
        _clock.Advance(TimeSpan.FromDays(1));
        await CycleAsync(dueOnly: false);
        Assert.Equal("checkout-2", _store["w1"].ClusterName);
    }

    [Fact]
    public async Task A_name_that_a_person_gave_is_kept_and_asks_for_nothing()
    {
        Put("c1", cluster => cluster with { Name = "ours", NameGiven = true });
        _upstream.Names["c1"] = "theirs";
        _upstream.Workflows["c1"] = [("w1", "Running")];
        await CycleAsync();
        Assert.Equal("ours", _store["w1"].ClusterName);
        Assert.DoesNotContain("name c1", _upstream.Asked);
    }

    [Fact]
    public async Task A_cluster_that_is_denied_fails_alone_keeps_its_error_and_backs_off()
    {
        Put("bad");
        Put("good");
        _upstream.Workflows["good"] = [("w1", "Running")];
        _upstream.Failures["bad"] = new UpstreamException(UpstreamFailure.Denied, "403, not yours.") { Code = "CCE.01403001" };

        var scans = new List<int>();
        for (var tick = 0; tick < 100; tick++, _clock.Advance(Minute))
        {
            var before = _upstream.Asked.Count(asked => asked == "list bad");
            var result = await CycleAsync();
            Assert.True(result.Complete);
            if (tick == 0)
            {
                Assert.Equal((2, 1, 1), (result.Clusters, result.ClustersFailed, result.Discovered));
            }

            if (_upstream.Asked.Count(asked => asked == "list bad") > before)
            {
                scans.Add(tick);
            }
        }

        // 5 min × 2^failures, at most an hour.
        Assert.Equal([0, 10, 30, 70], scans);
        var failure = _fleet.Clusters["bad"].Failure!;
        Assert.Equal(
            (UpstreamFailure.Denied, "CCE.01403001", "403, not yours.", Start, 4),
            (failure.Kind, failure.Code, failure.Message, failure.Since, failure.Count)
        );
        Assert.Null(_fleet.Clusters["good"].Failure);

        _upstream.Failures.Clear();
        await CycleAsync(dueOnly: false);
        Assert.Null(_fleet.Clusters["bad"].Failure);
    }

    [Fact]
    public async Task A_rejection_stops_the_cycle_and_leaves_the_cluster_due()
    {
        Put("c1");
        _upstream.Outage = new UpstreamException(UpstreamFailure.Rejected, "401, who are you?");
        var result = await CycleAsync();
        Assert.Equal((false, "401, who are you?"), (result.Complete, result.Errors[0]));
        Assert.Equal((Start, null), (_fleet.Clusters["c1"].NextDiscoveryAt, _fleet.Clusters["c1"].Failure));
    }

    [Fact]
    public async Task A_throttled_cluster_stays_due_and_the_result_says_so()
    {
        Put("c1");
        _upstream.Status = new UpstreamStatus(null, null, new ThrottleWindow(200, TimeSpan.FromMinutes(5)));
        _upstream.Outage = new UpstreamException(UpstreamFailure.Throttled, "429");
        var result = await CycleAsync();
        Assert.Equal((false, 1, 0, 200), (result.Complete, result.ClustersThrottled, result.Clusters, result.Throttle!.Limit));
        Assert.Contains(
            "Discovery of 1 cluster waits for the next cycle: upstream allows 200 requests in 00:05:00",
            Assert.Single(result.Errors),
            StringComparison.Ordinal
        );
        Assert.Null(_fleet.Clusters["c1"].Failure);
        Assert.Equal(Start, _fleet.Clusters["c1"].NextDiscoveryAt);
    }

    [Fact]
    public async Task While_throttled_discovery_comes_after_what_runs_and_before_what_waits()
    {
        foreach (var (id, phase) in (IEnumerable<(string, string)>)[("waits", "Pending"), ("runs", "Running")])
        {
            _upstream.Workflows.TryAdd("c0", []);
            _upstream.Workflows["c0"].Add((id, phase));
            _store.Put(
                new TrackedWorkflow
                {
                    Target = new WorkflowTarget("p", "c0", id),
                    NextPollAt = Start.AddHours(-1),
                    State = FleetUpstream.Document("c0", id, phase).State,
                }
            );
        }

        Put("c1", cluster => cluster with { NameGiven = true });
        _upstream.Status = new UpstreamStatus(null, null, new ThrottleWindow(200, TimeSpan.FromMinutes(5)));
        await CycleAsync(settings: new() { ["Polling:MaxConcurrency"] = "1" });
        Assert.Equal(["show runs", "list c1", "show waits"], _upstream.Asked);
    }

    [Fact]
    public async Task A_failing_store_is_reported_and_the_cluster_is_scanned_again()
    {
        Put("c1");
        _upstream.Workflows["c1"] = [("w1", "Success")];
        _fleet.Failure = new StorageUnavailableException("The table service failed.");
        var result = await CycleAsync();
        Assert.False(result.Complete);
        Assert.Contains("could not be written", Assert.Single(result.Errors), StringComparison.Ordinal);

        _fleet.Failure = null;
        _clock.Advance(Minute);
        Assert.Equal((1, 0), await CycleAsync() is var again ? (again.Clusters, again.Recorded) : default);
        Assert.Single(_store.Runs);
    }

    [Fact]
    public async Task A_long_past_is_recorded_over_several_ticks_and_active_upgrades_come_first()
    {
        Put("c1");
        _upstream.Workflows["c1"] = [.. Enumerable.Range(0, 250).Select(i => ($"old{i}", "Success")), ("now", "Running")];
        var first = await CycleAsync();
        Assert.Equal((1, FleetDiscovery.MaxNew - 1), (first.Discovered, first.Recorded));
        var rest = new List<int>();
        for (var tick = 0; tick < 3; tick++)
        {
            _clock.Advance(Minute);
            rest.Add((await CycleAsync()).Recorded);
        }

        Assert.Equal([100, 51, 0], rest);
        Assert.Equal(250, _store.Runs.Count);
    }

    [Fact]
    public async Task A_project_adds_its_present_and_later_clusters_and_their_names_cost_nothing()
    {
        _fleet.Projects["p1"] = new TrackedProject
        {
            ProjectId = "p1",
            TrackedAt = Start,
            NextListAt = Start,
        };
        _upstream.Names["c1"] = "one";
        _upstream.Workflows["c1"] = [("w1", "Running")];
        await CycleAsync();
        Assert.Equal(
            ("p1", "one", DiscoveryOrigin.Project),
            (_fleet.Clusters["c1"].ProjectId, _fleet.Clusters["c1"].Name, _fleet.Clusters["c1"].Origin)
        );

        _upstream.Names["c2"] = "two";
        _upstream.Names["c1"] = "one, renamed";
        for (var tick = 0; tick < 40; tick++)
        {
            _clock.Advance(Minute);
            await CycleAsync();
        }

        Assert.Equal(["c1", "c2"], _fleet.Clusters.Keys.Order());
        Assert.Equal("one, renamed", _store["w1"].ClusterName);
        Assert.InRange(_upstream.Asked.Count(asked => asked == "clusters p1"), 2, 3);
        Assert.DoesNotContain(_upstream.Asked, asked => asked.StartsWith("name", StringComparison.Ordinal));
        Assert.Equal(2, _fleet.Projects["p1"].Clusters.Count);
    }

    [Fact]
    public async Task A_project_that_cannot_be_listed_keeps_its_clusters_and_its_error()
    {
        _fleet.Projects["p1"] = new TrackedProject
        {
            ProjectId = "p1",
            TrackedAt = Start,
            NextListAt = Start,
            Clusters = [new ListedCluster("c1", "one")],
        };
        _upstream.Failures["p1"] = new UpstreamException(UpstreamFailure.Denied, "You may not list clusters.");
        var result = await CycleAsync();
        Assert.Equal((1, 1, true), (result.Clusters, result.ClustersFailed, result.Complete));
        Assert.Equal((1, "You may not list clusters."), (_fleet.Projects["p1"].Clusters.Count, _fleet.Projects["p1"].Failure!.Message));
    }

    [Fact]
    public async Task A_project_cluster_gone_for_a_week_is_removed_and_a_persons_is_not()
    {
        Put("theirs", cluster => cluster with { Origin = DiscoveryOrigin.Project, Name = "theirs" });
        Put("ours");
        _upstream.Failures["theirs"] = _upstream.Failures["ours"] = new UpstreamException(UpstreamFailure.NotFound, "404");
        await CycleAsync();
        _clock.Advance(TimeSpan.FromDays(7) - Minute);
        await CycleAsync(dueOnly: false);
        Assert.Equal(2, _fleet.Clusters.Count);
        _clock.Advance(Minute);
        await CycleAsync(dueOnly: false);
        Assert.Equal(["ours"], _fleet.Clusters.Keys);
    }

    [Fact]
    public async Task Settings_name_clusters_and_projects_and_leave_alone_what_a_person_deleted()
    {
        Put("c2", cluster => cluster with { Tracked = false });
        await CycleAsync(
            settings: new()
            {
                ["Tracking:Clusters:0"] = "P1/C1",
                ["Tracking:Clusters:1"] = "p1/c2",
                ["Tracking:Projects:0"] = "P2",
            }
        );
        Assert.Equal(
            ("p1", DiscoveryOrigin.Settings, true),
            (_fleet.Clusters["c1"].ProjectId, _fleet.Clusters["c1"].Origin, _fleet.Clusters["c1"].Tracked)
        );
        Assert.False(_fleet.Clusters["c2"].Tracked);
        Assert.Equal(DiscoveryOrigin.Settings, _fleet.Projects["p2"].Origin);
        Assert.Equal(["list c1"], _upstream.Asked.Where(asked => asked.StartsWith("list", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_clusters_of_a_shard_are_due_together_shards_are_spread_and_none_is_late()
    {
        for (var i = 0; i < 100; i++)
        {
            Put($"c{i}", cluster => cluster with { NameGiven = true });
        }

        var scans = Enumerable.Range(0, 100).ToDictionary(i => $"list c{i}", _ => new List<int>());
        for (var tick = 0; tick <= 30; tick++, _clock.Advance(Minute))
        {
            _upstream.Asked.Clear();
            _fleet.Writes.Clear();
            await CycleAsync();
            foreach (var asked in _upstream.Asked)
            {
                scans[asked].Add(tick);
            }

            if (tick > 5)
            {
                Assert.InRange(_fleet.Writes.Count, 1, 5);
            }
        }

        Assert.All(
            scans.Values,
            ticks =>
            {
                Assert.Equal(0, ticks[0]);
                Assert.InRange(ticks[1], 1, 5);
                Assert.All(ticks.Skip(1).Zip(ticks.Skip(2)), pair => Assert.Equal(5, pair.Second - pair.First));
            }
        );
        Assert.Equal(5, scans.Values.Select(ticks => ticks[1]).Distinct().Count());
    }

    [Fact]
    public async Task When_the_clock_is_corrected_no_scan_waits_for_the_wrong_time()
    {
        Put("c1", cluster => cluster with { NameGiven = true });
        _clock.AdjustTime(Start.AddHours(1));
        await CycleAsync(settings: new() { ["Tracking:Projects:0"] = "p2" });
        _clock.AdjustTime(Start);
        _upstream.Asked.Clear();

        await CycleAsync();
        await CycleAsync();

        Assert.Single(_upstream.Asked, "list c1");
        Assert.Equal(Start, _fleet.Clusters["c1"].DiscoveredAt);
        Assert.Equal(Start, _fleet.Projects["p2"].ListedAt);
    }

    private void Put(string clusterId, Func<TrackedCluster, TrackedCluster>? with = null)
    {
        var cluster = new TrackedCluster
        {
            ProjectId = "p",
            ClusterId = clusterId,
            TrackedAt = _clock.GetUtcNow(),
            NextDiscoveryAt = _clock.GetUtcNow(),
        };
        _fleet.Clusters[clusterId] = with is null ? cluster : with(cluster);
    }

    private PollCycle? _cycle;

    /// <summary>Another process over the same store.</summary>
    private void Restart() => _cycle = null;

    private Task<CycleResult> CycleAsync(bool dueOnly = true, Dictionary<string, string?>? settings = null)
    {
        if (_cycle is null || settings is not null)
        {
            var provider = new ServiceCollection()
                .AddLogging()
                .AddSingleton<TimeProvider>(_clock)
                .AddStore(_store)
                .AddSingleton<IClusterStore>(_fleet)
                .AddSingleton<IBaselineStore>(new BaselineInMemory())
                .AddSingleton<IUpgradeWorkflowSource>(_upstream)
                .AddSingleton<IClusterSource>(_upstream)
                .AddAutopilotCore(new ConfigurationBuilder().AddInMemoryCollection(settings ?? []).Build())
                .BuildServiceProvider();
            _providers.Add(provider);
            _cycle = provider.GetRequiredService<PollCycle>();
        }

        return _cycle.RunAsync(new CycleRequest(dueOnly), CancellationToken.None);
    }
}
