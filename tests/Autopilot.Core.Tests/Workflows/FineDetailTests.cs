using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>What the corpus does not show: bounds, times that upstream does not give, and tasks that go on side by side.</summary>
public sealed class FineDetailTests
{
    private static readonly UpgradeTaskType PreCheck = UpgradeTaskType.PreCheck,
        Cluster = UpgradeTaskType.Cluster,
        PostCheck = UpgradeTaskType.PostCheck,
        Snapshot = UpgradeTaskType.Snapshot,
        Rollback = UpgradeTaskType.Rollback;
    private static readonly UpgradeTaskStatus Success = UpgradeTaskStatus.Success,
        Running = UpgradeTaskStatus.Running,
        Failed = UpgradeTaskStatus.Failed,
        NotStarted = UpgradeTaskStatus.NotStarted;
    private static readonly UpgradeTask Checked = Task(PreCheck, Success, "p", 10, 11);

    [Fact]
    public void Two_tasks_that_run_side_by_side_are_progress_and_two_slow_ones_slow()
    {
        var state = State(Checked, Task(Snapshot, Running, "s", 12), Task(Cluster, Running, "c", 12));
        var normal = new Baseline([
            new(Snapshot, null, new AttemptDurations(5, 60, 120, 7200)),
            new(Cluster, null, new AttemptDurations(5, 60, 120, 7200)),
        ]);

        Assert.Equal(Assessment.Progressing, Summarize(state, 13).Assessment);
        Assert.Equal(Assessment.Slow, Summarize(state, 20, normal).Assessment);
        Assert.Equal(2, Summarize(state, 20, normal).Insights.Count(insight => insight.Code == "SlowTask"));
    }

    [Fact]
    public void Without_its_own_times_a_task_counts_from_when_it_was_first_seen_so()
    {
        Assert.Equal(At(15), Summarize(State(Checked, Task(Cluster, Running)), 20, seen: 15).BlockingTask!.Since);
        Assert.Equal(At(15), Summarize(State(Checked, Task(Cluster, Failed, "c", 12)), 20, seen: 15).BlockingTask!.Since);
        Assert.Equal(
            At(15),
            Summarize(State(Checked, Task(Cluster, Failed, "c", 12, 13), Task(Rollback, Running)), 20, seen: 15).BlockingTask!.Since
        );
        Assert.Equal(
            At(15),
            Summarize(
                State(Checked, Task(Cluster, Failed, "c", 12, 13), Task(Rollback, Success, "r", 14)),
                20,
                seen: 15
            ).BlockingTask!.Since
        );
        Assert.Equal(
            At(15),
            Summarize(State(Checked, Task(Cluster, Success, "c", 12), Task(PostCheck, NotStarted, null)), 20, seen: 15).BlockingTask!.Since
        );
        Assert.Equal(
            At(15),
            Summarize(State(Task(PreCheck, Success, "p", 10), Task(Cluster, NotStarted, null)), 20, seen: 15).BlockingTask!.Since
        );
    }

    [Fact]
    public void A_failed_optional_task_without_an_end_counts_from_when_it_was_first_seen_so()
    {
        var insight = Assert.Single(
            Summarize(State(Checked, Task(Snapshot, Failed, "s", 12), Task(Cluster, Running, "c", 13)), 20, seen: 15).Insights
        );

        Assert.Equal(("TaskFailed", At(15), "The snapshot failed."), (insight.Code, insight.Since, insight.Summary));
    }

    [Fact]
    public void Confirmation_waits_since_the_last_end_whichever_task_it_was()
    {
        var late = State(Task(PreCheck, Success, "p2", 30, 31), Task(Cluster, Success, "c", 12, 20), Task(PostCheck, NotStarted, null));
        var early = State(Checked, Task(Cluster, Success, "c", 12, 20), Task(PostCheck, NotStarted, null));

        Assert.Equal((BlockingReason.AwaitingConfirmation, At(31)), Blocking(late, 40));
        Assert.Equal((BlockingReason.AwaitingConfirmation, At(20)), Blocking(early, 40));
    }

    [Fact]
    public void With_nothing_before_it_a_confirmation_is_just_a_task_to_start()
    {
        var alone = State(Task(PostCheck, NotStarted, null)) with { Dependencies = [] };

        Assert.Equal((BlockingReason.AwaitingStart, Start), Blocking(alone, 40));
    }

    [Fact]
    public void A_task_that_waits_for_two_could_start_when_the_later_was_seen_done()
    {
        var novel = UpgradeTaskType.From("Novel");
        var state = State(Task(PreCheck, Success, "p", 10), Task(Snapshot, Success, "s", 10), Task(novel, NotStarted, null)) with
        {
            Dependencies = [new(PreCheck, novel), new(Snapshot, novel)],
        };
        var before = state with
        {
            Tasks = [Task(PreCheck, Success, "p", 10), Task(Snapshot, Running, "s", 10), Task(novel, NotStarted, null)],
        };
        var row = WorkflowReplay.Observe(WorkflowReplay.Observe(WorkflowReplay.New(), before, At(15)), state, At(17));

        Assert.Equal((BlockingReason.AwaitingStart, At(17)), Blocking(row with { ObservedAt = At(30) }));

        before = state with { Tasks = [Task(PreCheck, Running, "p", 10), Task(Snapshot, Success, "s", 10), Task(novel, NotStarted, null)] };
        row = WorkflowReplay.Observe(WorkflowReplay.Observe(WorkflowReplay.New(), before, At(15)), state, At(17));
        Assert.Equal((BlockingReason.AwaitingStart, At(17)), Blocking(row with { ObservedAt = At(30) }));
    }

    [Fact]
    public void A_failed_cluster_stage_is_never_passed_over_and_everything_else_is()
    {
        var state = State(Task(PreCheck, NotStarted, null), Task(Cluster, Failed, "c", 12, 13), Task(PostCheck, Success, "q", 14, 15));

        Assert.Equal((BlockingReason.TaskFailed, At(13)), Blocking(state, 20));
        Assert.Equal([true, null, null], Summarize(state, 20).Tasks.Select(task => task.PassedOver));
    }

    [Fact]
    public void A_failure_that_lies_in_the_future_counts_from_its_first_observation()
    {
        var summary = Summarize(State(Checked, Task(Cluster, Failed, "c", 12, 25)), 20, seen: 15);

        Assert.Equal(
            "The cluster upgrade ran for 13 min and failed 5 min ago; nothing moves until it is run again.",
            summary.BlockingTask!.Message
        );
        Assert.Equal(
            (At(15), true, 300),
            (summary.BlockingTask.Since, summary.BlockingTask.SinceObserved, summary.BlockingTask.BlockedSeconds)
        );
    }

    [Fact]
    public void Where_versions_and_times_are_not_given_the_sentences_leave_them_out()
    {
        var bare = State(Checked, Task(Cluster, Success, "c", 12, 20), Task(PostCheck, Success, "q", 21, 22)) with { CreatedAt = null };

        Assert.Equal(
            "Upgrade of cluster b4b9e60f-8aa2-11ee-af09-0255ac10004f was completed at 2026-11-20 08:22 UTC.",
            Summarize(bare with { Phase = WorkflowPhase.Success }, 30).Headline
        );
        Assert.Equal(
            "Upgrade of cluster b4b9e60f-8aa2-11ee-af09-0255ac10004f from a to b was cancelled at 2026-11-20 08:30 UTC, with the "
                + "cluster on the new version.",
            Summarize(bare with { Phase = WorkflowPhase.Cancel, FromVersion = "a", TargetVersion = "b" }, 30).Headline
        );
        Assert.Equal(
            "Upgrade of cluster b4b9e60f-8aa2-11ee-af09-0255ac10004f has all its required tasks done, but upstream has not ended it; "
                + "look at it in the CCE console if that lasts.",
            Summarize(bare with { Phase = WorkflowPhase.From("") }, 30).Headline
        );
        const string Ready =
            "Upgrade of cluster b4b9e60f-8aa2-11ee-af09-0255ac10004f has not started: the pre-check has been ready for 0 s, "
            + "seen since 2026-11-20 08:30 UTC; start it.";
        Assert.Equal(Ready, Summarize(bare with { Tasks = [] }, 30).Headline);
        Assert.Equal(
            Ready,
            Summarize(State(Task(PreCheck, NotStarted, null), Task(Cluster, NotStarted, null)) with { CreatedAt = null }, 30).Headline
        );
    }

    [Fact]
    public void A_row_that_ended_as_gone_is_gone_since_its_end()
    {
        var ended = new TrackedWorkflow
        {
            Target = WorkflowReplay.New().Target,
            Outcome = WorkflowOutcome.Gone,
            EndedAt = At(5),
        };
        var read = WorkflowReplay.Observe(WorkflowReplay.New(), State(Checked), At(12)) with
        {
            Outcome = WorkflowOutcome.Gone,
            EndedAt = At(20),
        };

        foreach (
            var (row, at) in new[]
            {
                (ended, "08:05"),
                (read, "08:20"),
                (read with { GoneSince = At(19) }, "08:19"),
                (ended with { GoneSince = At(4) }, "08:04"),
            }
        )
        {
            var summary = WorkflowSummarizer.Summarize(row, Baseline.Empty, At(60), TimeSpan.FromMinutes(1));
            Assert.Contains($" has been unknown to upstream since 2026-11-20 {at} UTC;", summary.Headline, StringComparison.Ordinal);
            Assert.Equal(
                (InsightLevel.Warning, row.GoneSince ?? row.EndedAt),
                Assert.Single(summary.Insights, insight => insight.Code == "Gone") is var gone ? (gone.Level, gone.Since) : default
            );
        }
    }

    [Theory]
    [InlineData(12.0, "about 13 min of work left, ")]
    [InlineData(24.0, "about 1 min of work left, ")]
    [InlineData(24.5, "less than a minute of work left, ")]
    [InlineData(25.0, "")]
    public void Work_left_is_given_until_the_median_is_reached(double minute, string left)
    {
        var state = State(Checked, Task(Cluster, Running, "c", 12)) with { Dependencies = [new(PreCheck, Cluster)] };
        var normal = new Baseline([new(Cluster, null, new AttemptDurations(5, 780, 9000, 9000))]);

        Assert.EndsWith($"UTC; {left}nothing to do but wait.", Summarize(state, minute, normal).Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_over_its_median_gives_no_work_left_even_with_later_tasks()
    {
        var normal = new Baseline([
            new(Cluster, null, new AttemptDurations(5, 780, 9000, 9000)),
            new(PostCheck, null, new AttemptDurations(5, 60, 60, 60)),
        ]);
        var state = State(Checked, Task(Cluster, Running, "c", 12), Task(PostCheck, NotStarted, null));

        Assert.Contains("; about 2 min of work left, ", Summarize(state, 24.5, normal).Headline, StringComparison.Ordinal);
        Assert.EndsWith("UTC; nothing to do but wait.", Summarize(state, 25, normal).Headline, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(56.0, 0, null)]
    [InlineData(56.5, 0, 56.0)]
    [InlineData(70.99, 0, 56.0)]
    [InlineData(56.5, 50, 60.0)]
    public void A_pre_check_expires_soon_from_a_quarter_of_an_hour_before_or_from_its_end(double minute, int validShorter, double? since)
    {
        // Valid until 71 minutes; a short validity begins when less than a quarter of an hour is left already.
        var check = Task(PreCheck, Success, "p", 10, validShorter > 0 ? 60 : 11) with
        {
            ExpiresAt = At(71),
        };
        var summary = Summarize(State(check, Task(Cluster, NotStarted, null)), validShorter > 0 ? 61 : minute);

        var soon = summary.Insights.SingleOrDefault(insight => insight.Code == "PreCheckExpiresSoon");
        Assert.Equal(since is { } at ? At(at) : null, soon?.Since);
    }

    [Fact]
    public void A_pre_check_that_expires_this_instant_is_expired_while_something_else_blocks()
    {
        var check = Checked with { ExpiresAt = At(71) };
        var insight = Assert.Single(
            Summarize(State(check, Task(Snapshot, Running, "s", 65), Task(Cluster, NotStarted, null)), 71).Insights
        );

        Assert.Equal(("PreCheckExpired", At(71)), (insight.Code, insight.Since));
    }

    [Fact]
    public void Three_attempts_without_a_failure_are_no_repeated_failure()
    {
        var row = WorkflowReplay.New();
        foreach (var attempt in Enumerable.Range(0, 3))
        {
            row = WorkflowReplay.Observe(
                row,
                State(Task(PreCheck, Success, $"p{attempt}", 10 * attempt, (10 * attempt) + 1)),
                At((10 * attempt) + 2)
            );
        }

        Assert.Equal(3, row.Runs.Count);
        Assert.DoesNotContain(Summarize(row).Insights, insight => insight.Code == "RepeatedFailure");
    }

    [Theory]
    [InlineData("Novel", "Running", "'Novel' is a type of task that this version does not know.", 15.0)]
    [InlineData("Cluster", "Verifying", "The cluster upgrade has the status 'Verifying', which this version does not know.", 17.0)]
    [InlineData("Novel", "Verifying", "'Novel' is a type of task, and 'Verifying' a status, that this version does not know.", 17.0)]
    public void An_unknown_type_or_status_is_given_since_it_was_seen(string type, string status, string expected, double since)
    {
        var kind = UpgradeTaskType.From(type);
        var before = State(Checked, Task(kind, UpgradeTaskStatus.Queuing, "c"));
        var after = State(Checked, Task(kind, UpgradeTaskStatus.From(status), "c"));
        var row = WorkflowReplay.Observe(WorkflowReplay.Observe(WorkflowReplay.New(), before, At(15)), after, At(17)) with
        {
            ObservedAt = At(20),
            LastChangedAt = At(status == "Running" ? 15 : 16),
        };

        var insight = Assert.Single(Summarize(row).Insights, insight => insight.Code == "UnknownValue");
        Assert.Equal((expected, At(since)), (insight.Summary, insight.Since));
    }

    [Fact]
    public void Contradicting_clocks_are_given_since_the_state_was_seen()
    {
        var future = Summarize(State(Checked) with { CreatedAt = At(21) }, 20, seen: 15).Insights;
        Assert.Equal(
            [("ClockSkew", "By the clocks, the workflow was created after the moment of observation.", At(15))],
            future.Select(insight => (insight.Code, insight.Summary, insight.Since!.Value))
        );

        var ended = State(Checked, Task(Cluster, Success, "c", 12, 13), Task(PostCheck, Success, "q", 14, 15)) with
        {
            Phase = WorkflowPhase.Success,
            CreatedAt = At(16),
        };
        Assert.Equal(
            "By the clocks, the workflow was created after its end.",
            Assert.Single(Summarize(ended, 20, seen: 18).Insights).Summary
        );
        Assert.Empty(Summarize(ended with { CreatedAt = At(15) }, 20, seen: 18).Insights);

        var started = Assert.Single(Summarize(State(Task(PreCheck, Running, "p", 25)), 20, seen: 15).Insights);
        Assert.Equal(
            ("By the clocks, a run of the pre-check starts after the moment of observation.", At(15)),
            (started.Summary, started.Since)
        );
    }

    [Fact]
    public void An_unknown_phase_is_given_since_it_was_seen()
    {
        var state = State(Checked) with { Phase = WorkflowPhase.From("Odd") };
        var row = WorkflowReplay.Observe(WorkflowReplay.New(), state, At(15)) with { ObservedAt = At(20) };

        Assert.Equal(At(15), Assert.Single(Summarize(row with { LastChangedAt = At(17) }).Insights).Since);
        Assert.Equal(At(17), Assert.Single(Summarize(row with { PhaseSince = null, LastChangedAt = At(17) }).Insights).Since);
    }

    [Theory]
    [InlineData("Running", null, false)]
    [InlineData("Queuing", null, false)]
    [InlineData("Verifying", null, false)]
    [InlineData("Verifying", 13.0, true)]
    [InlineData("Failed", 13.0, true)]
    [InlineData("Pause", null, true)]
    public void A_long_wait_is_one_in_which_nothing_may_be_running(string status, double? end, bool waits)
    {
        var state = State(Checked, Task(Cluster, UpgradeTaskStatus.From(status), "c", status == "Queuing" ? null : 12, end));

        var insight = Summarize(state, 60 * 24 * 2, seen: 14).Insights.SingleOrDefault(insight => insight.Code == "LongWait");

        Assert.Equal(waits ? At(end ?? 14) : null, insight?.Since);
    }

    [Fact]
    public void A_long_wait_begins_at_the_end_of_the_last_run_and_is_given_after_a_day()
    {
        var state = State(Task(PreCheck, Success, "p", 10, 50), Task(Snapshot, Success, "s", 12, 40));

        Assert.DoesNotContain(Summarize(state, 50 + (24 * 60) - 0.01).Insights, insight => insight.Code == "LongWait");
        Assert.Equal(At(50), Summarize(state, 50 + (24 * 60)).Insights.Single(insight => insight.Code == "LongWait").Since);
        // Nor of one that is over, or unknown to upstream.
        Assert.DoesNotContain(Summarize(state with { Phase = WorkflowPhase.Cancel }, 9999).Insights, insight => insight.Code == "LongWait");
        Assert.DoesNotContain(
            Summarize(
                WorkflowReplay.Observe(WorkflowReplay.New(), state, At(51)) with
                {
                    ObservedAt = At(9999),
                    GoneSince = At(9000),
                }
            ).Insights,
            insight => insight.Code == "LongWait"
        );
    }

    [Fact]
    public void A_workflow_in_which_nothing_ever_ran_waits_since_its_creation() =>
        Assert.Equal(
            Start,
            Summarize(State(Task(PreCheck, NotStarted, null)), 24 * 60).Insights.Single(insight => insight.Code == "LongWait").Since
        );

    [Theory]
    [InlineData(5, "")]
    [InlineData(6, " and 1 more")]
    public void Of_lines_that_make_no_sense_five_are_named(int lines, string more)
    {
        var circles = Enumerable
            .Range(0, lines)
            .Select(i => UpgradeTaskType.From($"X{i}"))
            .Select(type => new TaskDependency(type, type))
            .ToArray();
        var insight = Assert.Single(Summarize(State(Checked) with { Dependencies = circles }, 20).Insights);

        Assert.EndsWith($"X4 → X4{more}.", insight.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void At_most_twenty_unreadable_times_are_given()
    {
        var times = Enumerable.Range(0, 21).Select(i => new UnreadableTime(null, "f", $"{i}")).ToArray();

        Assert.Equal(
            20,
            Summarize(State(Checked) with { UnreadableTimes = times }, 20).Insights.Count(insight => insight.Code == "UnreadableTime")
        );
    }

    [Fact]
    public void While_gone_other_failures_are_given_and_404s_are_not()
    {
        var row = WorkflowReplay.Observe(WorkflowReplay.New(), State(Checked), At(12)) with { GoneSince = At(13) };
        IEnumerable<string> Codes(UpstreamFailure kind) =>
            Summarize(row with { Failure = new PollFailure(kind, null, "no", At(14), 3) }).Insights.Select(insight => insight.Code);

        Assert.Equal(["Gone"], Codes(UpstreamFailure.NotFound));
        Assert.Equal(["Gone", "UpstreamError"], Codes(UpstreamFailure.Unavailable));
        Assert.Equal(
            ["UpstreamError"],
            Summarize(row with { GoneSince = null, Failure = new PollFailure(UpstreamFailure.NotFound, null, "no", At(14), 1) })
                .Insights.Select(insight => insight.Code)
        );
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(-5, "0 s")]
    [InlineData(172_799, "1 day 23 h")]
    [InlineData(172_800, "2 days")]
    [InlineData(259_199, "2 days 23 h")]
    [InlineData(259_200, "3 days")]
    public void Durations_change_at_their_bounds(int seconds, string words) =>
        Assert.Equal(words, HumanDuration.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void What_is_unknown_never_counts_among_moments()
    {
        Assert.Equal(
            (At(2), At(2), At(1), (DateTimeOffset?)null),
            (Instants.Later(At(1), At(2)), Instants.Later(At(2), At(1)), Instants.Later(At(1), null), Instants.Later(null, null))
        );
        Assert.Equal(
            (At(1), At(1), At(1), At(1)),
            (Instants.Earlier(At(1), At(2)), Instants.Earlier(At(2), At(1)), Instants.Earlier(At(1), null), Instants.Earlier(null, At(1)))
        );
    }

    /// <summary>With the lines between those of the tasks that are there.</summary>
    private static UpgradeWorkflow State(params UpgradeTask[] tasks)
    {
        var state = States.State(tasks);
        return state with
        {
            Dependencies =
            [
                .. state.Dependencies.Where(line => tasks.Any(task => task.Type == line.From) && tasks.Any(task => task.Type == line.To)),
            ],
        };
    }

    private static (BlockingReason, DateTimeOffset?) Blocking(UpgradeWorkflow state, double minute) =>
        Summarize(state, minute).BlockingTask is { } task ? (task.Reason, task.Since) : default;

    private static (BlockingReason, DateTimeOffset?) Blocking(TrackedWorkflow row) =>
        Summarize(row).BlockingTask is { } task ? (task.Reason, task.Since) : default;

    /// <summary>The summary at a minute, of a state that was first seen then or at <paramref name="seen"/>.</summary>
    private static WorkflowSummary Summarize(UpgradeWorkflow state, double minute, Baseline? baseline = null, double? seen = null) =>
        Summarize(WorkflowReplay.Observe(WorkflowReplay.New(), state, At(seen ?? minute)) with { ObservedAt = At(minute) }, baseline);

    private static WorkflowSummary Summarize(TrackedWorkflow row, Baseline? baseline = null) =>
        WorkflowSummarizer.Summarize(row, baseline ?? Baseline.Empty, row.ObservedAt!.Value, TimeSpan.FromMinutes(1));
}
