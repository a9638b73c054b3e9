using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests;

public sealed class RunStoreTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private static readonly DateTimeOffset May = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Without_a_table_there_are_no_runs()
    {
        Assert.Empty(await ReadAsync(new RunQuery(May, May.AddYears(1))));
        Assert.Empty((await NewRuns().ReadPageAsync(new RunQuery(May, May.AddYears(1)), 10, null, Cancel)).Items);
    }

    [Fact]
    public async Task Runs_come_newest_first_over_all_months_with_the_start_and_without_the_end()
    {
        var runs = NewRuns();
        foreach (
            var (id, end) in new (string, DateTimeOffset)[]
            {
                ("before", May.AddTicks(-1)),
                ("start", May),
                ("a", May.AddDays(3)),
                ("turn", May.AddMonths(1).AddTicks(-1)),
                ("june", May.AddMonths(1)),
                ("august", May.AddMonths(3).AddDays(1)),
                ("last", May.AddMonths(4).AddTicks(-1)),
                ("end", May.AddMonths(4)),
            }
        )
        {
            await runs.WriteAsync(Run(id, end), Cancel);
        }

        Assert.Equal(["last", "august", "june", "turn", "a", "start"], await ReadAsync(new RunQuery(May, May.AddMonths(4))));
        Assert.Equal(["a"], await ReadAsync(new RunQuery(May.AddTicks(1), May.AddDays(4))));
        Assert.Empty(await ReadAsync(new RunQuery(May.AddDays(4), May.AddDays(4))));
        Assert.Equal(8, (await ReadAsync(new RunQuery(May.AddYears(-2), May.AddYears(2)))).Count);
    }

    [Fact]
    public async Task Every_filter_keeps_what_it_says_and_they_hold_together()
    {
        var runs = NewRuns();
        await runs.WriteAsync(Run("w1", May), Cancel);
        await runs.WriteAsync(
            Run("w2", May) with
            {
                Target = new WorkflowTarget("p2", "c2", "w2"),
                TargetVersion = "o'clock' or '1' eq '1",
            },
            Cancel
        );
        await runs.WriteAsync(Run("w3", May) with { Outcome = WorkflowOutcome.RolledBack }, Cancel);
        await runs.WriteAsync(Run("w4", May) with { TargetVersion = new string('v', 300) }, Cancel);
        var all = new RunQuery(May, May.AddDays(1));

        Assert.Equal(["w2"], await ReadAsync(all with { ClusterId = "c2" }));
        Assert.Equal(["w2"], await ReadAsync(all with { ProjectId = "p2" }));
        Assert.Equal(["w2"], await ReadAsync(all with { TargetVersion = "o'clock' or '1' eq '1" }));
        Assert.Equal(["w4"], await ReadAsync(all with { TargetVersion = new string('v', 300) }));
        Assert.Equal(["w3"], await ReadAsync(all with { Outcome = WorkflowOutcome.RolledBack }));
        Assert.Equal(
            ["w1"],
            await ReadAsync(all with { ClusterId = "c", TargetVersion = "v1.28.6-r0", Outcome = WorkflowOutcome.Succeeded })
        );
        Assert.Empty(await ReadAsync(all with { ClusterId = "c2", ProjectId = "p" }));
    }

    [Fact]
    public async Task Pages_visit_each_run_once_over_months_and_a_token_belongs_to_its_query()
    {
        var runs = NewRuns();
        var expected = Enumerable.Range(0, 45).Select(i => $"w{i:D2}").ToList();
        foreach (var id in expected)
        {
            await runs.WriteAsync(Run(id, May.AddDays(5 * expected.IndexOf(id))), Cancel);
        }
        var query = new RunQuery(May, May.AddYears(1));

        var read = new List<string>();
        string? token = null;
        do
        {
            var page = await runs.ReadPageAsync(query, 7, token, Cancel);
            Assert.Equal(page.ContinuationToken is null ? 45 % 7 : 7, page.Items.Count);
            read.AddRange(page.Items.Select(run => run.Target.WorkflowId));
            token = page.ContinuationToken;
        } while (token is not null);

        Assert.Equal(expected.AsEnumerable().Reverse(), read);
        var first = await runs.ReadPageAsync(query, 7, null, Cancel);
        await Assert.ThrowsAsync<InvalidContinuationTokenException>(() =>
            runs.ReadPageAsync(query with { From = May.AddTicks(1) }, 7, first.ContinuationToken, Cancel)
        );
    }

    [Fact]
    public async Task A_run_is_read_as_it_was_written_and_one_of_old_lacks_what_came_later()
    {
        var run = Run("w1", May) with
        {
            SeenLive = false,
            BlockedSeconds = 12.5,
            Time = new(1, 2, 3, 4, 0.5),
            Tasks =
            [
                new FinishedTask(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, 1, 2, 3, 2, 1)
                {
                    Failed = [new FailedItem("etcd", "NodeCheck", ["E1"], 1)],
                },
            ],
        };
        await NewRuns().WriteAsync(run, Cancel);
        await RunsTable.AddEntityAsync(
            new TableEntity("2026-05", $"{DateTime.MaxValue.Ticks - May.AddHours(1).UtcTicks:D19}|old")
            {
                ["WorkflowId"] = "old",
                ["ClusterId"] = "c",
                ["ProjectId"] = "p",
                ["Outcome"] = "Succeeded",
                ["EndedAt"] = May.AddHours(1),
                ["Attempts"] = 1,
                ["Tasks"] = """[{"type":"Rollback","status":"Success","runSeconds":5,"allRunSeconds":5,"attempts":1,"failures":0}]""",
            },
            Cancel
        );

        var read = await NewRuns().ReadAsync(new RunQuery(May, May.AddDays(1)), new(), Cancel).ToListAsync(Cancel);

        Assert.Equivalent(run, read[1], strict: true);
        Assert.Equal(
            ("old", null, null, null, 1),
            (read[0].Target.WorkflowId, read[0].BlockedSeconds, read[0].Time, Assert.Single(read[0].Tasks).Failed, read[0].Rollbacks)
        );
    }

    [Fact]
    public async Task A_run_that_cannot_be_read_is_left_out_of_the_stream_and_of_pages()
    {
        await NewRuns().WriteAsync(Run("w1", May), Cancel);
        await RunsTable.AddEntityAsync(
            new TableEntity("2026-05", $"{DateTime.MaxValue.Ticks - May.AddHours(1).UtcTicks:D19}|odd")
            {
                ["Outcome"] = "Novel",
                ["EndedAt"] = May,
            },
            Cancel
        );

        Assert.Equal(["w1"], await ReadAsync(new RunQuery(May, May.AddDays(1))));
        Assert.Equal(
            "w1",
            Assert.Single((await NewRuns().ReadPageAsync(new RunQuery(May, May.AddDays(1)), 10, null, Cancel)).Items).Target.WorkflowId
        );
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1001)]
    public async Task Rows_of_others_among_the_months_hide_no_run(int foreign)
    {
        var runs = NewRuns();
        for (var month = 0; month < 3; month++)
        {
            await runs.WriteAsync(Run($"w{month}", May.AddMonths(month)), Cancel);
        }
        // Before all months, between them and behind them; the first page of a reading holds none but these.
        foreach (var some in Enumerable.Range(0, foreign).Chunk(100))
        {
            await RunsTable.SubmitTransactionAsync(
                some.Select(i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("1", $"9{i:D18}|other"))),
                Cancel
            );
        }
        foreach (var partition in (string[])["2026-05-01", "2026-13", "9"])
        {
            await RunsTable.AddEntityAsync(new TableEntity(partition, $"{DateTime.MaxValue.Ticks - May.UtcTicks:D19}|other"), Cancel);
        }

        var listed = await NewServices()
            .GetRequiredService<IWorkflowListStore>()
            .ReadFinishedAsync(new WorkflowQuery(), null, Cancel)
            .Select(entry => entry.WorkflowId)
            .ToListAsync(Cancel);
        var page = await runs.ReadPageAsync(new RunQuery(May.AddYears(-1000), May.AddYears(1)), 10, null, Cancel);

        Assert.Equal(["w2", "w1", "w0"], listed);
        Assert.Equal(["w2", "w1", "w0"], page.Items.Select(run => run.Target.WorkflowId));
    }

    [Fact]
    public async Task Rebuilding_replaces_the_run_of_every_finished_workflow_and_keeps_the_rest()
    {
        var services = NewServices();
        var store = services.GetRequiredService<TableWorkflowStore>();
        var runs = services.GetRequiredService<IRunStore>();
        foreach (var id in new[] { "w1", "w2", "active" })
        {
            await store.TrackAsync(new WorkflowTarget("p", "c", id), "blue", Noon, onlyIfUnknown: false, Cancel);
        }
        foreach (var id in new[] { "w1", "w2" })
        {
            var before = (await store.FindAsync(id, Cancel))!;
            var after = before with
            {
                Sequence = 1,
                Hash = "h",
                State = new UpgradeWorkflow { Phase = WorkflowPhase.Running },
                Outcome = WorkflowOutcome.Gone,
                EndedAt = Noon.AddDays(1),
                ObservedAt = Noon.AddDays(1),
                LastChangedAt = Noon.AddDays(1),
            };
            var report = await store.WriteAsync(
                Shard.Of(id),
                [
                    new WorkflowWrite(
                        before,
                        after,
                        new HistoryState(
                            new HistoryEntry
                            {
                                Sequence = 1,
                                ObservedAt = Noon.AddDays(1),
                                Phase = WorkflowPhase.Running,
                                Assessment = Assessment.Gone,
                                Hash = "h",
                                Changes = [],
                            },
                            "{}"u8.ToArray()
                        )
                    ),
                ],
                null,
                Cancel
            );
            Assert.Equal(WriteOutcome.Committed, Assert.Single(report.Outcomes));
            var stored = (await store.FindAsync(id, Cancel))!;
            // As it was written before names were kept.
            await store.FinishAsync(stored, FinishedUpgrade.Of(stored) with { ClusterName = null }, Cancel);
        }
        await runs.WriteAsync(Run("taken-by-retention", Noon), Cancel);

        var rebuild = new FinishedUpgradeRebuild(services.GetRequiredService<IWorkflowListStore>(), runs);
        Assert.Equal(2, await rebuild.RunAsync(Cancel));
        Assert.Equal(2, await rebuild.RunAsync(Cancel));

        var read = await runs.ReadAsync(new RunQuery(May, May.AddMonths(1)), new(), Cancel).ToListAsync(Cancel);
        Assert.Equal(
            [("w1", "blue"), ("w2", "blue"), ("taken-by-retention", "green")],
            read.Select(run => (run.Target.WorkflowId, run.ClusterName!))
        );
    }

    [Fact]
    public async Task A_store_that_cannot_be_reached_says_so()
    {
        var runs = NewServices(connectionString: "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://127.0.0.1:1")
            .GetRequiredService<IRunStore>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAsync<StorageUnavailableException>(async () =>
            await runs.ReadAsync(new RunQuery(May, May.AddDays(1)), new(), patience.Token).ToListAsync(patience.Token)
        );
    }

    private IRunStore NewRuns() => NewServices().GetRequiredService<IRunStore>();

    private async Task<List<string>> ReadAsync(RunQuery query) =>
        await NewRuns().ReadAsync(query, new(), Cancel).Select(run => run.Target.WorkflowId).ToListAsync(Cancel);

    private static FinishedUpgrade Run(string id, DateTimeOffset endedAt) =>
        new()
        {
            Target = new WorkflowTarget("p", "c", id),
            ClusterName = "green",
            TargetVersion = "v1.28.6-r0",
            Outcome = WorkflowOutcome.Succeeded,
            EndedAt = endedAt,
            ActiveSeconds = 60,
        };
}
