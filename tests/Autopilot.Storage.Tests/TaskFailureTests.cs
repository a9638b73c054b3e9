using System.Text;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Rows;
using Azure.Data.Tables;

namespace Autopilot.Storage.Tests;

/// <summary>What upstream says of failed tasks is stored with the state, or merged when it becomes known later.</summary>
public sealed class TaskFailureTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Fact]
    public async Task Words_known_at_once_are_stored_with_the_state()
    {
        var store = NewStore();
        var change = Change(await TrackAsync(store, "w1"), "failed");

        await WriteAsync(store, change with { After = change.After with { TaskFailures = [Failure(2)] } });

        Assert.Equivalent(new[] { Failure(2) }, (await store.FindAsync("w1", Cancel))!.TaskFailures, strict: true);
    }

    [Fact]
    public async Task Late_failure_details_are_merged_and_make_no_change()
    {
        var store = NewStore();
        await WriteAsync(store, Change(await TrackAsync(store, "w1"), "failed"));

        await WriteAsync(store, Explained((await store.FindAsync("w1", Cancel))!, [Failure(2)]));

        Assert.Equivalent(new[] { Failure(2) }, (await store.FindAsync("w1", Cancel))!.TaskFailures, strict: true);
        await AssertHistoryAsync(store, "w1", "failed");
    }

    [Fact]
    public async Task Progress_is_merged_with_the_poll_and_replaced_by_the_next()
    {
        var store = NewStore();
        await WriteAsync(store, Change(await TrackAsync(store, "w1"), "running"));
        foreach (var word in (string[])["10.00", "9"])
        {
            var row = (await store.FindAsync("w1", Cancel))!;
            RunProgress[] progress =
            [
                new()
                {
                    Type = UpgradeTaskType.Cluster,
                    TaskId = "t1",
                    AskedAt = Noon,
                    Word = word,
                    Since = Noon,
                    Items = [new FailureDetail { Name = "CoreDNS" }],
                    Skipped = ["Node disks"],
                    Moved = true,
                },
            ];
            var write = Unchanged(row, Noon);
            await WriteAsync(store, write with { After = write.After with { Progress = progress } });

            Assert.Equivalent(progress, (await store.FindAsync("w1", Cancel))!.Progress, strict: true);
        }

        await AssertHistoryAsync(store, "w1", "running");
    }

    [Fact]
    public async Task A_poll_that_learns_nothing_sends_no_words_and_loses_none()
    {
        var store = NewStore();
        await WriteAsync(store, Change(await TrackAsync(store, "w1"), "failed"));
        await WriteAsync(store, Explained((await store.FindAsync("w1", Cancel))!, [Failure(50)]));

        var row = (await store.FindAsync("w1", Cancel))!;
        Assert.DoesNotContain("TaskFailures", WorkflowRow.PollTimes(Unchanged(row, Noon), default).Entity.Keys);
        await WriteAsync(store, Unchanged(row, Noon.AddHours(1)));

        Assert.Equal(50, Assert.Single((await store.FindAsync("w1", Cancel))!.TaskFailures).Details.Count);
    }

    [Fact]
    public async Task The_longest_words_fit_and_can_follow_and_be_followed_by_short_ones()
    {
        var store = NewStore();
        await WriteAsync(store, Change(await TrackAsync(store, "w1"), "failed"));
        foreach (
            var failures in (TaskFailure[][])
                [
                    [Failure(1)],
                    [Failure(50)],
                    [Failure(2)],
                    [Failure(49)],
                    [Failure(50, seed: 2)],
                ]
        )
        {
            await WriteAsync(store, Explained((await store.FindAsync("w1", Cancel))!, failures));
            Assert.Equivalent(failures, (await store.FindAsync("w1", Cancel))!.TaskFailures, strict: true);
        }

        // The change that follows replaces the row, and takes them along.
        var row = (await store.FindAsync("w1", Cancel))!;
        await WriteAsync(store, Change(row, "running"));
        Assert.Equivalent(row.TaskFailures, (await store.FindAsync("w1", Cancel))!.TaskFailures, strict: true);
        var entity = await WorkflowsTable.GetEntityAsync<TableEntity>(
            RowKeys.PartitionOf("w1"),
            RowKeys.Active("w1"),
            cancellationToken: Cancel
        );
        Assert.DoesNotContain("TaskFailures1", entity.Value.Keys);
    }

    [Fact]
    public async Task Words_of_fewer_parts_leave_nothing_of_more_behind()
    {
        var store = NewStore();
        await WriteAsync(store, Change(await TrackAsync(store, "w1"), "failed"));
        foreach (
            var failures in (TaskFailure[][])
                [
                    [.. Enumerable.Range(1, 6).Select(seed => Failure(50, seed))],
                    [Failure(50, 7)],
                    [Failure(50, 8), Failure(50, 9)],
                ]
        )
        {
            await WriteAsync(store, Explained((await store.FindAsync("w1", Cancel))!, failures));
            Assert.Equivalent(failures, (await store.FindAsync("w1", Cancel))!.TaskFailures, strict: true);
        }
    }

    [Fact]
    public async Task The_latest_backup_is_stored_beside_the_poll_times_and_stays_with_the_next_change()
    {
        var store = NewStore();
        await WriteAsync(store, Change(await TrackAsync(store, "w1"), "passed"));
        foreach (var backup in (LatestBackup[])[new("p s Success", Noon.AddDays(-1), Noon), new("p", null, null)])
        {
            var row = (await store.FindAsync("w1", Cancel))!;
            var write = Unchanged(row, Noon.AddMinutes(30));
            await WriteAsync(store, write with { After = write.After with { Backup = backup } });

            row = (await store.FindAsync("w1", Cancel))!;
            Assert.Equal(backup, row.Backup);
            Assert.DoesNotContain("Backup", WorkflowRow.PollTimes(Unchanged(row, Noon), default).Entity.Keys);
            await WriteAsync(store, Change(row, $"running {backup.For}"));
            Assert.Equal(backup, (await store.FindAsync("w1", Cancel))!.Backup);
        }
    }

    [Fact]
    public async Task What_an_earlier_version_did_not_read_is_merged_once_with_the_poll_times()
    {
        var store = NewStore();
        await WriteAsync(store, Change(await TrackAsync(store, "w1"), "passed"));
        var row = (await store.FindAsync("w1", Cancel))!;
        TaskDependency[] lines = [new(UpgradeTaskType.PreCheck, UpgradeTaskType.Cluster) { Critical = true }];
        var write = Unchanged(row, Noon.AddMinutes(30));

        await WriteAsync(store, write with { After = write.After with { State = row.State! with { Dependencies = lines } } });

        row = (await store.FindAsync("w1", Cancel))!;
        Assert.Equal(lines, row.State!.Dependencies);
        Assert.DoesNotContain("State", WorkflowRow.PollTimes(Unchanged(row, Noon), default).Entity.Keys);
        await AssertHistoryAsync(store, "w1", "passed");
    }

    [Fact]
    public async Task A_row_of_an_older_version_has_none()
    {
        var store = NewStore();
        await WriteAsync(store, Change(await TrackAsync(store, "w1"), "failed"));

        Assert.Empty((await store.FindAsync("w1", Cancel))!.TaskFailures);
        Assert.Null((await store.FindAsync("w1", Cancel))!.Backup);
    }

    private static WorkflowWrite Explained(TrackedWorkflow row, TaskFailure[] failures)
    {
        var write = Unchanged(row, Noon.AddMinutes(30));
        return write with { After = write.After with { TaskFailures = failures } };
    }

    private static async Task WriteAsync(TableWorkflowStore store, WorkflowWrite write) =>
        Assert.Equal(
            [WriteOutcome.Committed],
            (await store.WriteAsync(Shard.Of(write.After.Target.WorkflowId), [write], null, Cancel)).Outcomes
        );

    /// <summary>Details of a full kilobyte each, of characters that JSON escapes and nothing compresses well.</summary>
    private static TaskFailure Failure(int details, int seed = 1)
    {
        var random = new Random(seed);
        return new TaskFailure
        {
            Type = UpgradeTaskType.PreCheck,
            TaskId = "task-1",
            StartedAt = Noon,
            Omitted = details == 50 ? 7 : 0,
            Details =
            [
                .. Enumerable
                    .Range(0, details)
                    .Select(i =>
                    {
                        var message = string.Concat(Enumerable.Range(0, 339).Select(_ => (char)random.Next(0x4E00, 0x9FFF)));
                        Assert.InRange(Encoding.UTF8.GetByteCount(message), 1000, TaskDocument.MaxDetailBytes - 4);
                        return new FailureDetail { Name = $"i{i}", Message = message };
                    }),
            ],
        };
    }
}
