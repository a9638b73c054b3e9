using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Workflows;

public sealed class TaskFailuresTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_failed_task_but_a_post_check_is_to_be_asked_about()
    {
        TaskAttempt[] runs =
        [
            Failed(UpgradeTaskType.PreCheck, "p"),
            Failed(UpgradeTaskType.Cluster, "c"),
            Failed(UpgradeTaskType.Snapshot, "s"),
            Failed(UpgradeTaskType.PostCheck, "q"),
            Failed(UpgradeTaskType.Rollback, "r"),
        ];

        Assert.Equal(["s", "r", "c", "p"], TaskFailures.Unexplained([], runs).Select(run => run.TaskId));
        Assert.Empty(TaskFailures.Unexplained([], [Failed(UpgradeTaskType.PreCheck, "p") with { Superseded = true }]));
        Assert.Empty(TaskFailures.Unexplained([], [Failed(UpgradeTaskType.PreCheck, "p") with { TaskId = null }]));
        // Snapshots and rollbacks are found in a list, which needs no id.
        Assert.Single(TaskFailures.Unexplained([], [Failed(UpgradeTaskType.Rollback, "r") with { TaskId = null }]));
        Assert.Empty(TaskFailures.Unexplained([], [Failed(UpgradeTaskType.PreCheck, "p") with { Status = UpgradeTaskStatus.Running }]));
    }

    [Fact]
    public void What_was_answered_is_not_asked_again_not_even_where_nothing_was_said()
    {
        var run = Failed(UpgradeTaskType.PreCheck, "p");

        Assert.Empty(TaskFailures.Unexplained(TaskFailures.Add([], run, FailureReport.Nothing), [run]));
    }

    [Fact]
    public void A_retry_under_the_same_id_that_fails_is_a_failure_of_its_own()
    {
        var first = Failed(UpgradeTaskType.Cluster, "c");
        var second = first with { StartedAt = Noon.AddHours(1) };
        var known = TaskFailures.Add([], first, Report("one"));

        var asked = Assert.Single(TaskFailures.Unexplained(known, [first with { Superseded = true }, second]));
        known = TaskFailures.Add(known, asked, Report("two"));

        Assert.Equal(["one", "two"], known.Select(failure => Assert.Single(failure.Details).Name));
        Assert.Same(known, TaskFailures.Prune(known, [first with { Superseded = true }, second]));
    }

    [Fact]
    public void A_start_that_appears_later_makes_no_new_failure()
    {
        var run = Failed(UpgradeTaskType.Cluster, "c") with { StartedAt = null };
        var known = TaskFailures.Add([], run, Report("one"));

        Assert.Empty(TaskFailures.Unexplained(known, [run with { StartedAt = Noon }]));
    }

    [Fact]
    public void A_run_that_continues_loses_its_failure_details_and_a_forgotten_run_too()
    {
        var run = Failed(UpgradeTaskType.Cluster, "c");
        var known = TaskFailures.Add([], run, Report("one"));

        Assert.Empty(TaskFailures.Prune(known, [run with { Status = UpgradeTaskStatus.Running }]));
        Assert.Empty(TaskFailures.Prune(known, []));
    }

    [Fact]
    public void When_there_is_no_room_for_all_the_newest_words_stay_and_the_rest_is_counted()
    {
        var (first, second, third) = (
            Failed(UpgradeTaskType.PreCheck, "a"),
            Failed(UpgradeTaskType.PreCheck, "b"),
            Failed(UpgradeTaskType.PreCheck, "c")
        );

        var known = TaskFailures.Add(
            TaskFailures.Add(TaskFailures.Add([], first, Report([.. Names(30)])), second, Report([.. Names(15)])),
            third,
            new FailureReport(Report([.. Names(20)]).Details, 7)
        );

        Assert.Equal([(15, 15), (15, 0), (20, 7)], known.Select(failure => (failure.Details.Count, failure.Omitted)));
        known = TaskFailures.Add(known, Failed(UpgradeTaskType.Cluster, "d"), Report([.. Names(50)]));
        Assert.Equal([(0, 30), (0, 15), (0, 27), (50, 0)], known.Select(failure => (failure.Details.Count, failure.Omitted)));
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => $"item {i}");

    private static FailureReport Report(params string[] names) => new([.. names.Select(name => new FailureDetail { Name = name })]);

    private static TaskAttempt Failed(UpgradeTaskType type, string id) =>
        new()
        {
            Type = type,
            TaskId = id,
            Status = UpgradeTaskStatus.Failed,
            StartedAt = Noon,
            StatusSince = Noon,
            LastSeenAt = Noon,
        };
}
