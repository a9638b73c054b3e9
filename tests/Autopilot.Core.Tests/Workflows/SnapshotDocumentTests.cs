using System.Text;
using Autopilot.Core.Workflows;
using CsCheck;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>The list of a cluster's backups, and what it says of a failed run.</summary>
public sealed class SnapshotDocumentTests
{
    private static readonly TaskAttempt Snapshot = Run(UpgradeTaskType.Snapshot, "s1"),
        Rollback = Run(UpgradeTaskType.Rollback, "r1");

    [Fact]
    public void Tasks_parts_and_the_latest_backup_are_read_in_upstreams_forms_of_time()
    {
        var list = Read(
            """
            {"kind":"List","apiVersion":"v3.1","metadata":{},"items":[{"kind":"SnapshotTask","metadata":{"uid":"s1","creationTimestamp":"2026-11-20 08:12:00.5 +0000 UTC"},
             "spec":{"items":[{"id":"i","type":"master-backup","status":"Failed","creationTimestamp":"2026-11-20T08:12:01Z","updateTimestamp":"2026-11-20 16:13:00 +0800 CST","message":"full\n disk"}]},
             "status":{"phase":"Failed","progress":"50.00","completionTime":""}}],"status":{"latestBackupTime":"2026-11-17 05:10:00 +0000 UTC"}}
            """
        );

        Assert.Equal(new DateTimeOffset(2026, 11, 17, 5, 10, 0, TimeSpan.Zero), list.LatestBackupAt);
        var task = Assert.Single(list.Tasks);
        Assert.Equal(("s1", At(12).AddSeconds(0.5), "Failed", "50.00"), (task.Uid, task.CreatedAt, task.Phase, task.Progress));
        Assert.Equal(new SnapshotItem("master-backup", "Failed", "full disk", At(12).AddSeconds(1), At(13)), Assert.Single(task.Items));
    }

    [Theory]
    [InlineData("""{"items":{"metadata":{"uid":"s1"},"spec":{"items":{"type":"master-backup"}}}}""", 1)]
    [InlineData("""{"items":null,"status":null}""", 0)]
    [InlineData("""{"items":"x","status":7}""", 0)]
    [InlineData("{}", 0)]
    public void One_object_none_and_odd_values_are_read_as_far_as_they_go(string json, int tasks)
    {
        Assert.Equal(tasks, Read(json).Tasks.Count);
        Assert.Null(Read(json).LatestBackupAt);
    }

    [Fact]
    public void What_is_no_object_is_refused() =>
        Assert.All(
            (string[])["<html>", "[]", "7", ""],
            text => Assert.Throws<InvalidDocumentException>(() => SnapshotDocument.Read(Encoding.UTF8.GetBytes(text)))
        );

    [Fact]
    public void Texts_are_redacted_and_cut()
    {
        var list = SnapshotDocument.Read(
            Encoding.UTF8.GetBytes($$"""{"items":[{"spec":{"items":[{"type":"secret {{new string('t', 200)}}","message":"secret"}]} }]}"""),
            text => text.Replace("secret", "[gone]", StringComparison.Ordinal)
        );

        var item = Assert.Single(Assert.Single(list.Tasks).Items);
        Assert.Equal("[gone]", item.Message);
        Assert.StartsWith("[gone]", item.Type, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(item.Type!), 60, 64);
    }

    [Fact]
    public void Any_json_is_read_or_refused() =>
        Gen.Select(OneOf("items", "status", "x"), OneOf("spec", "metadata", "status"), Gen.String)
            .Sample(
                (first, second, text) =>
                {
                    try
                    {
                        Read($$"""{"{{first}}":[{"{{second}}":{"items":[{"message":{{text}}}],"phase":{{text}} } }]}""");
                    }
                    catch (InvalidDocumentException e)
                    {
                        Assert.NotEmpty(e.Message);
                    }
                },
                iter: 1000
            );

    [Fact]
    public void A_snapshot_is_found_by_its_id_whatever_its_time()
    {
        var report = SnapshotFailures.Of(
            new SnapshotList(null, [Backup("other", At(12)), Backup("s1", At(900), message: "mine")]),
            Snapshot
        )!;

        var detail = Assert.Single(report.Details);
        Assert.Equal(("Snapshot", "phase Failed at progress 50: mine", null), (detail.Name, detail.Message, detail.Probable));
    }

    [Theory]
    // The run is from minute 12 to minute 14; upstream's times of a task and its point may be 5 minutes apart.
    [InlineData(7, true)]
    [InlineData(6.9, false)]
    [InlineData(19, true)]
    [InlineData(19.1, false)]
    public void Without_its_id_a_snapshot_is_found_by_its_time_as_probable(double minute, bool found)
    {
        var report = SnapshotFailures.Of(new SnapshotList(null, [Backup("other", At(minute))]), Snapshot)!;

        Assert.Equal(found ? [true] : [], report.Details.Select(detail => detail.Probable));
    }

    [Fact]
    public void A_task_that_the_list_shows_without_an_end_is_asked_about_once_more()
    {
        Assert.Null(SnapshotFailures.Of(new SnapshotList(null, [Backup("s1", At(12), "Running", status: "Running")]), Snapshot));
        Assert.NotNull(SnapshotFailures.Of(new SnapshotList(null, [Backup("s1", At(12), "Running")]), Snapshot));
    }

    [Fact]
    public void A_snapshot_that_has_succeeded_is_no_reason_of_a_failure()
    {
        var own = Backup("s1", At(12), "Success", status: "Success");
        var near = Backup("other", At(13), "Success", status: "Success");

        Assert.Empty(SnapshotFailures.Of(new SnapshotList(null, [own]), Snapshot)!.Details);
        Assert.Empty(SnapshotFailures.Of(new SnapshotList(null, [near]), Snapshot)!.Details);
        Assert.Single(SnapshotFailures.Of(new SnapshotList(null, [near, Backup("failed", At(11))]), Snapshot)!.Details);
    }

    [Fact]
    public void A_rollback_is_explained_by_a_rollback_that_fits_in_time_and_nothing_else()
    {
        var list = new SnapshotList(
            null,
            [
                Backup("r1", At(13), message: "a backup"),
                Backup("b", At(1), message: "early", type: SnapshotItem.Rollback),
                Backup("c", At(13), status: "Success", message: "fine", type: SnapshotItem.Rollback),
                Backup("d", At(12), message: "lost", type: SnapshotItem.Rollback),
            ]
        );

        var detail = Assert.Single(SnapshotFailures.Of(list, Rollback)!.Details);
        Assert.Equal(("Rollback", "phase Failed: lost", true), (detail.Name, detail.Message, detail.Probable));
        Assert.Empty(SnapshotFailures.Of(new SnapshotList(null, [.. list.Tasks.Take(2)]), Rollback)!.Details);
    }

    [Fact]
    public void The_headline_of_a_failed_rollback_keeps_to_what_is_known()
    {
        var state = State(
            Task(UpgradeTaskType.Rollback, UpgradeTaskStatus.Failed, "r1", 12, 14),
            Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Failed, "c", 5, 9)
        );
        var row = WorkflowReplay.Observe(WorkflowReplay.New(), state, At(15));
        var run = row.Runs.Single(run => run.Type == UpgradeTaskType.Rollback);
        var report = SnapshotFailures.Of(new SnapshotList(null, [Backup("d", At(12), message: "lost", type: SnapshotItem.Rollback)]), run)!;
        row = row with { TaskFailures = TaskFailures.Add([], run, report) };

        var blocking = WorkflowSummarizer.Summarize(row, Baseline.Empty, stale: false).BlockingTask!;

        Assert.EndsWith(" Upstream probably says of it: \"phase Failed: lost\".", blocking.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("probably", blocking.MessageWithoutDetails(), StringComparison.Ordinal);
    }

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    private static SnapshotList Read(string json) => SnapshotDocument.Read(Encoding.UTF8.GetBytes(json));

    private static SnapshotTask Backup(
        string uid,
        DateTimeOffset at,
        string phase = "Failed",
        string status = "Failed",
        string message = "m",
        string type = SnapshotItem.Backup
    ) => new(uid, at, phase, "50", [new SnapshotItem(type, status, message, at, at)]);

    private static TaskAttempt Run(UpgradeTaskType type, string id) =>
        new()
        {
            Type = type,
            TaskId = id,
            Status = UpgradeTaskStatus.Failed,
            StartedAt = At(12),
            EndedAt = At(14),
            StatusSince = At(15),
            LastSeenAt = At(15),
        };
}
