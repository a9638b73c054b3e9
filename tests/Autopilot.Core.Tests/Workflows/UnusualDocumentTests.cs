using System.Text;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>How documents, runs and the order of tasks are read where upstream is at its oddest.</summary>
public sealed class UnusualDocumentTests
{
    private static readonly UpgradeTaskType PreCheck = UpgradeTaskType.PreCheck,
        Cluster = UpgradeTaskType.Cluster,
        PostCheck = UpgradeTaskType.PostCheck,
        Snapshot = UpgradeTaskType.Snapshot;
    private static readonly UpgradeTaskStatus Success = UpgradeTaskStatus.Success,
        Running = UpgradeTaskStatus.Running,
        Failed = UpgradeTaskStatus.Failed,
        NotStarted = UpgradeTaskStatus.NotStarted;

    [Fact]
    public void Escapes_mean_what_they_mean_in_names_and_values()
    {
        var state = Read("""{"sp\u0065c":{"clust\u0065rVersion":"a\b\f\n\r\t\"\\\/\u00e9z"},"st\u0061tus":{"ph\u0061se":"\u0049nit"}}""");

        Assert.Equal("a\b\f\n\r\t\"\\/éz", state.FromVersion);
        Assert.Equal(WorkflowPhase.Init, state.Phase);
    }

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("ab😀", 4, "ab😀")]
    [InlineData("ab😀c", 4, "ab😀")]
    [InlineData("ab😀c", 3, "ab")]
    public void A_cut_never_halves_a_character(string text, int most, string cut) => Assert.Equal(cut, JsonStrings.Cut(text, most));

    [Theory]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void An_id_has_up_to_64_characters(int length, bool fits) =>
        Assert.Equal(fits, ResourceId.TryNormalize(new string('a', length), out _));

    [Fact]
    public void A_pre_check_that_anything_later_has_used_does_not_expire()
    {
        var novel = UpgradeTaskType.From("Novel");
        var check = Task(PreCheck, Success, "p", 10, 11) with { ExpiresAt = At(20) };
        TaskDependency[] chain = [new(PreCheck, Cluster), new(Cluster, PostCheck), new(PostCheck, novel)];
        BlockingReason? Reason(params UpgradeTask[] tasks) =>
            Summarize(State([check, .. tasks]) with { Dependencies = chain }, 30).BlockingTask?.Reason;

        Assert.Equal(
            BlockingReason.PreCheckExpired,
            Reason(Task(Cluster, NotStarted, null), Task(PostCheck, NotStarted, null), Task(novel, NotStarted, null))
        );
        Assert.Equal(
            BlockingReason.AwaitingStart,
            Reason(Task(Cluster, NotStarted, null), Task(PostCheck, Success, "q", 15, 16), Task(novel, NotStarted, null))
        );
        // Everything before what has started is passed over.
        Assert.Null(Reason(Task(Cluster, NotStarted, null), Task(PostCheck, NotStarted, null), Task(novel, Success, "n", 15, 16)));
    }

    [Fact]
    public void A_failed_task_counts_in_full_while_another_runs_and_what_blocks_promises_nothing()
    {
        var blocks = State(
            Task(PreCheck, Failed, "p", 10, 11),
            Task(Snapshot, Running, "s", 12),
            Task(Cluster, NotStarted, null),
            Task(PostCheck, NotStarted, null)
        );
        Assert.Null(Summarize(blocks, 13).Estimate);

        var failed = State(Task(PreCheck, Failed, "p", 12.5, 13), Task(Cluster, Running, "c", 13 - 0.5), Task(PostCheck, NotStarted, null));
        Assert.Equal(
            (60 + 870 + 60, 120 + 1470 + 120),
            Summarize(failed, 13).Estimate is { } beside ? (beside.RemainingSeconds, beside.RemainingP80Seconds) : default
        );
        // What only waits beside an optional task that runs counts as well.
        failed = State(
            Task(PreCheck, NotStarted, null),
            Task(Snapshot, Running, "s", 12),
            Task(Cluster, NotStarted, null),
            Task(PostCheck, NotStarted, null)
        );
        Assert.Equal(
            (60 + 900 + 60, 120 + 1500 + 120),
            Summarize(failed, 13).Estimate is { } left ? (left.RemainingSeconds, left.RemainingP80Seconds) : default
        );

        var optional = State(
            Task(PreCheck, Success, "p", 10, 11),
            Task(Snapshot, Running, "s", 30),
            Task(Cluster, Success, "c", 12, 20),
            Task(PostCheck, Success, "q", 21, 22)
        );
        Assert.Null(Summarize(optional, 31).Estimate);
    }

    [Theory]
    [InlineData("PreCheck", 1, 2, 5)]
    [InlineData("PostCheck", 1, 2, 5)]
    [InlineData("Snapshot", 3, 5, 20)]
    [InlineData("Novel", 3, 5, 20)]
    [InlineData("Cluster", 15, 25, 40)]
    [InlineData("Rollback", 20, 40, 120)]
    public void Without_history_a_task_takes_what_the_documentation_says(string type, int p50, int p80, int p95) =>
        Assert.Equal(new AttemptDurations(0, 60 * p50, 60 * p80, 60 * p95), TaskDurationThresholds.Default(UpgradeTaskType.From(type)));

    [Fact]
    public void A_pre_check_without_a_start_is_stalled_a_quarter_of_an_hour_after_it_was_seen()
    {
        var row = WorkflowReplay.Observe(WorkflowReplay.New(), State(Task(PreCheck, Running)), At(15));

        Assert.Equal(Assessment.Progressing, Summarize(row with { ObservedAt = At(30) }).Assessment);
        Assert.Equal(
            At(30),
            Assert.Single(Summarize(row with { ObservedAt = At(31) }).Insights, insight => insight.Code == "StalledTask").Since
        );
    }

    [Fact]
    public void Whatever_happens_there_is_a_next_step_in_a_sentence()
    {
        string[] types = ["PreCheck", "Snapshot", "Cluster", "PostCheck", "Rollback", "Novel"];
        var analysis = WorkflowAnalysis.Of(
            WorkflowReplay.Observe(
                WorkflowReplay.New(),
                State([.. types.Select(type => Task(UpgradeTaskType.From(type), NotStarted, null))]),
                At(15)
            ),
            Baseline.Empty
        )!;
        var plan = ActionPlan.Of(analysis);
        Advice? For(BlockingReason reason, string type, Assessment assessment = Assessment.Unknown) =>
            Remediation.For(
                analysis,
                plan,
                assessment,
                new Blockage(analysis.Find(UpgradeTaskType.From(type))!, reason, null, SinceObserved: false)
            );
        var advice = (
            from assessment in Enum.GetValues<Assessment>()
            from reason in Enum.GetValues<BlockingReason>()
            from type in types
            where assessment is not (Assessment.Completed or Assessment.Cancelled)
            select For(reason, type, assessment)!.Value
        ).ToList();
        var blocked = advice.Select(one => one.Sentence.Text);
        var polling = Enum.GetValues<UpstreamFailure>()
            .Select(failure => Remediation.For(new PollFailure(failure, null, "", At(0), 1)).Text)
            .ToList();

        Assert.All([.. blocked, .. polling], step => Assert.Matches(@"^[A-Z].+[^.]\.$", step));
        Assert.Equal(polling.Count, polling.Distinct().Count());
        Assert.All(advice, one => Assert.Matches(@"^[a-z].+[^.]$", one.Clause.Text));
        Assert.All(advice, one => Assert.Subset(one.Sentence.Actions.ToHashSet(), one.Clause.Actions.ToHashSet()));
        Assert.Null(For(BlockingReason.TaskFailed, "Cluster", Assessment.Completed));
        Assert.Equal("Start the pre-check in the CCE console.", For(BlockingReason.AwaitingStart, "PreCheck")!.Value.Sentence.Text);
        Assert.Contains("go on without it", For(BlockingReason.TaskFailed, "Novel")!.Value.Sentence.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_appears_or_vanishes_changes_from_or_to_nothing()
    {
        var without = new UpgradeWorkflow
        {
            Phase = WorkflowPhase.From(""),
            Tasks = [],
            Dependencies = [],
        };
        var with = new UpgradeWorkflow
        {
            Phase = WorkflowPhase.Init,
            Tasks = [],
            Dependencies = [new(PreCheck, Cluster)],
        };

        Assert.Equal(
            [new StateChange(null, "phase", null, "Init"), new StateChange(null, "dependencies", null, "PreCheck→Cluster")],
            StateChanges.Between(without, with)
        );
        Assert.Equal(
            [new StateChange(null, "phase", "Init", null), new StateChange(null, "dependencies", "PreCheck→Cluster", null)],
            StateChanges.Between(with, without)
        );
    }

    [Fact]
    public void Of_two_points_of_one_type_each_trait_decides_in_order()
    {
        var start = Task(Cluster, Failed, "a", 10, 20) with { ExpiresAt = At(30) };
        UpgradeTask[] ascending =
        [
            start with
            {
                StartedAt = null,
                EndedAt = null,
                TaskId = "y",
                ExpiresAt = At(99),
            },
            start with
            {
                StartedAt = null,
                EndedAt = null,
                TaskId = "z",
                Status = NotStarted,
            },
            start with
            {
                StartedAt = null,
                EndedAt = null,
                TaskId = "z",
            },
            start with
            {
                StartedAt = null,
                TaskId = "0",
            },
            start with
            {
                StartedAt = null,
                EndedAt = null,
                TaskId = "0",
                Status = Running,
            },
            start with
            {
                EndedAt = null,
                TaskId = "z",
            },
            start with
            {
                TaskId = "a",
                Status = NotStarted,
                ExpiresAt = At(99),
            },
            start with
            {
                ExpiresAt = null,
            },
            start,
            start with
            {
                TaskId = "a",
                Status = Success,
                ExpiresAt = null,
            },
            start with
            {
                TaskId = "b",
                ExpiresAt = null,
            },
            start with
            {
                EndedAt = At(21),
                TaskId = "0",
            },
            start with
            {
                EndedAt = null,
                TaskId = "0",
                Status = UpgradeTaskStatus.From("A"),
            },
            start with
            {
                StartedAt = At(11),
                EndedAt = null,
                TaskId = "0",
            },
            start with
            {
                Type = PostCheck,
                StartedAt = null,
                Status = NotStarted,
            },
        ];

        for (var i = 0; i < ascending.Length; i++)
        {
            for (var j = 0; j < ascending.Length; j++)
            {
                Assert.Equal(i.CompareTo(j), Math.Sign(TaskOrder.Compare(ascending[i], ascending[j])));
            }
        }
    }

    [Fact]
    public void The_dependencies_of_a_task_are_in_execution_order()
    {
        var novel = UpgradeTaskType.From("A");
        // The novel task must go first, against the usual order.
        var state = State(Task(PreCheck, NotStarted, null), Task(Cluster, NotStarted, null), Task(novel, NotStarted, null)) with
        {
            Dependencies = [new(PreCheck, Cluster), new(novel, Cluster), new(novel, PreCheck)],
        };

        var graph = TaskGraph.Of(state);

        Assert.Equal(["A", "PreCheck", "Cluster"], graph.Tasks.Select(node => node.Type.Value));
        Assert.Equal(["A", "PreCheck"], graph.Find(Cluster)!.DependsOn.Select(node => node.Type.Value));
    }

    [Fact]
    public void Long_cycles_and_meshes_end_with_the_lines_that_close_them_left_out()
    {
        var types = Enumerable.Range(0, 12).Select(i => UpgradeTaskType.From($"T{i:00}")).ToArray();
        var lines = types.SelectMany(from => types.Select(to => new TaskDependency(from, to))).ToArray();

        var graph = TaskGraph.Of(State([.. types.Select(type => Task(type, NotStarted, null))]) with { Dependencies = lines });

        Assert.Equal(types, graph.Tasks.Select(node => node.Type));
        Assert.Equal(12 + (12 * 11 / 2), graph.Ignored.Count);
    }

    [Fact]
    public void What_upstream_loses_for_a_moment_a_run_still_knows()
    {
        var whole = Task(PreCheck, Success, "p", 10, 11) with { ExpiresAt = At(71) };
        var known = Assert.Single(TaskAttempts.Observe([], State(whole), At(12)));

        Assert.Equal(("p", At(10), At(11), At(71)), Seen(whole with { TaskId = null }));
        Assert.Equal(("p", At(10), At(11), At(71)), Seen(whole with { StartedAt = null }));
        Assert.Equal(("p", At(10), At(11), At(71)), Seen(whole with { EndedAt = null }));
        Assert.Equal(("p", At(10), At(11), At(71)), Seen(whole with { ExpiresAt = null }));
        Assert.Equal(("p", At(10), At(12), At(72)), Seen(whole with { EndedAt = At(12), ExpiresAt = At(72) }));
        // What has ended and runs again is a new run, whose start is not the one it still carries.
        var again = TaskAttempts.Observe([known], State(whole with { Status = Running, EndedAt = null, ExpiresAt = null }), At(13));
        Assert.Equal([(true, At(10)), (false, (DateTimeOffset?)null)], again.Select(run => (run.Superseded, run.StartedAt)));

        (string?, DateTimeOffset?, DateTimeOffset?, DateTimeOffset?) Seen(UpgradeTask task)
        {
            var run = Assert.Single(TaskAttempts.Observe([known], State(task), At(13)));
            return (run.TaskId, run.StartedAt, run.EndedAt, run.ExpiresAt);
        }
    }

    [Fact]
    public void An_id_or_a_start_that_appears_late_makes_no_new_run()
    {
        var bare = Assert.Single(TaskAttempts.Observe([], State(Task(Cluster, UpgradeTaskStatus.Queuing, null)), At(12)));

        var named = Assert.Single(TaskAttempts.Observe([bare], State(Task(Cluster, UpgradeTaskStatus.Queuing, "c")), At(13)));
        Assert.Equal("c", named.TaskId);
        var started = Assert.Single(TaskAttempts.Observe([named], State(Task(Cluster, Running, "c", 14)), At(14)));
        Assert.Equal(At(14), started.StartedAt);
        // A start that is corrected backwards neither.
        Assert.Equal(At(13.5), Assert.Single(TaskAttempts.Observe([started], State(Task(Cluster, Running, "c", 13.5)), At(15))).StartedAt);
        Assert.Equal(2, TaskAttempts.Observe([started], State(Task(Cluster, Running, "d", 13.5)), At(15)).Count);
    }

    [Fact]
    public void A_superseded_run_is_never_taken_up_by_another_start()
    {
        var first = Task(Cluster, Failed, "c", 10, 11);
        var runs = TaskAttempts.Observe([], State(first), At(12));
        runs = TaskAttempts.Observe(runs, State(Task(Cluster, Running, "c", 20)), At(21), At(12));
        runs = TaskAttempts.Observe(runs, State(Task(Cluster, NotStarted, null)), At(22), At(21));
        Assert.All(runs, run => Assert.True(run.Superseded));

        runs = TaskAttempts.Observe(runs, State(Task(Cluster, Running, "c", 5)), At(23), At(22));

        Assert.Equal([At(10), At(20), At(5)], runs.Select(run => run.StartedAt!.Value));
    }

    [Fact]
    public void A_hundred_runs_are_all_kept()
    {
        IReadOnlyList<TaskAttempt> runs = [];
        for (var i = 0; i < 100; i++)
        {
            runs = TaskAttempts.Observe(runs, State(Task(PreCheck, Failed, $"p{i}", i, i + 0.5)), At(i + 0.6));
        }

        Assert.Equal("p0", runs[0].TaskId);
        Assert.Equal(100, runs.Count);
        Assert.Equal("p1", TaskAttempts.Observe(runs, State(Task(PreCheck, Failed, "p100", 100, 101)), At(102))[0].TaskId);
    }

    [Fact]
    public void An_end_beside_an_open_status_is_an_earlier_runs()
    {
        var summary = Summarize(State(Task(PreCheck, Running, "p", 10, 5)), 20);

        Assert.Null(summary.Tasks[0].EndedAt);
        Assert.Null(summary.Tasks[0].Runs[0].EndedAt);
        Assert.Equal((600, 600, 600), (summary.Tasks[0].DurationSeconds, summary.Tasks[0].Runs[0].DurationSeconds, summary.ActiveSeconds));
    }

    [Fact]
    public void A_run_may_start_this_instant_and_end_as_it_starts()
    {
        Assert.Equal(0, Summarize(State(Task(PreCheck, Running, "p", 20)), 20).Tasks[0].DurationSeconds);
        Assert.Equal(0, Summarize(State(Task(PreCheck, Success, "p", 20, 20)), 20).Tasks[0].DurationSeconds);
        Assert.Null(Summarize(State(Task(PreCheck, Success, "p", 20, 19)), 20).Tasks[0].DurationSeconds);
    }

    [Fact]
    public void A_row_whose_attempts_were_never_kept_shows_at_least_the_latest()
    {
        var row = WorkflowReplay.Observe(
            WorkflowReplay.New(),
            State(Task(PreCheck, Success, "p", 10, 11), Task(Cluster, UpgradeTaskStatus.Queuing, "c")),
            At(15)
        ) with
        {
            Runs = [],
            ObservedAt = At(20),
        };

        var summary = Summarize(row);

        Assert.Equal([1, 1], summary.Tasks.Take(2).Select(task => task.Attempts));
        Assert.Equal((BlockingReason.Queued, At(15)), (summary.BlockingTask!.Reason, summary.BlockingTask.Since));
    }

    [Fact]
    public void A_task_waits_from_the_last_end_before_its_first_start()
    {
        // The pre-check was run twice before the upgrade and once more after it had failed.
        var row = WorkflowReplay.New();
        row = WorkflowReplay.Observe(row, State(Task(PreCheck, Success, "p1", 10, 11), Task(Cluster, NotStarted, null)), At(12));
        row = WorkflowReplay.Observe(row, State(Task(PreCheck, Success, "p2", 30, 31), Task(Cluster, NotStarted, null)), At(32));
        row = WorkflowReplay.Observe(row, State(Task(PreCheck, Success, "p2", 30, 31), Task(Cluster, Failed, "c", 33, 40)), At(41));
        row = WorkflowReplay.Observe(row, State(Task(PreCheck, Success, "p3", 50, 51), Task(Cluster, Failed, "c", 33, 40)), At(52));

        Assert.Equal(120, Wait(row));
    }

    [Fact]
    public void A_task_that_was_started_before_what_it_depends_on_had_ended_has_not_waited()
    {
        Assert.Equal(0, Wait(Row(State(Task(PreCheck, Success, "p", 10, 13), Task(Cluster, Running, "c", 12)), 20)));
        Assert.Equal(0, Wait(Row(State(Task(PreCheck, Success, "p", 10, 12), Task(Cluster, Running, "c", 12)), 20)));
        // The end of an earlier run says nothing about the present one.
        Assert.Null(Wait(Row(State(Task(PreCheck, Running, "p", 10, 5), Task(Cluster, Running, "c", 12)), 20)));
        // Nor does a start in the future.
        Assert.Null(Wait(Row(State(Task(PreCheck, Success, "p", 10, 11), Task(Cluster, Running, "c", 25)), 20)));
    }

    [Theory]
    [InlineData(11, 20)]
    [InlineData(20, 11)]
    public void A_task_that_depends_on_two_waits_from_the_later_end(int one, int other)
    {
        var state = State(
            Task(PreCheck, Success, "p", 10, one),
            Task(Snapshot, Success, "s", 10, other),
            Task(Cluster, Running, "c", 22)
        ) with
        {
            Dependencies = [new(PreCheck, Cluster), new(Snapshot, Cluster)],
        };

        Assert.Equal(120, Wait(Row(state, 30)));
    }

    [Fact]
    public void A_terminal_state_without_an_end_in_its_row_ends_as_its_tasks_or_its_phase_do()
    {
        var done = State(Task(Cluster, Success, "c", 12, 20), Task(PreCheck, Success, "p", 10, 11), Task(PostCheck, Success, "q", 21)) with
        {
            Phase = WorkflowPhase.Success,
        };
        var row = Row(done, 30) with { EndedAt = null, ObservedAt = At(40), PhaseSince = At(31), LastChangedAt = At(32) };
        Assert.Equal(At(20), Summarize(row).EndedAt);

        row = row with { State = done with { Phase = WorkflowPhase.Cancel } };
        Assert.Equal(At(31), Summarize(row).EndedAt);
        Assert.Equal(At(32), Summarize(row with { PhaseSince = null }).EndedAt);
        Assert.Null(Summarize(row with { State = done with { Phase = WorkflowPhase.Running } }).EndedAt);
    }

    [Fact]
    public void Work_side_by_side_counts_once_in_whatever_order_it_was_begun()
    {
        var summary = Summarize(
            State(
                Task(PreCheck, Success, "p", 30, 31),
                Task(Snapshot, Success, "s", 5, 12),
                Task(Cluster, Success, "c", 10, 20),
                Task(PostCheck, NotStarted, null)
            ),
            40
        );

        Assert.Equal((16 * 60, 24 * 60, At(5)), (summary.ActiveSeconds, summary.WaitingSeconds, summary.StartedAt));
    }

    [Theory]
    [InlineData("{", 1)]
    [InlineData("{\n\n x", 3)]
    public void A_document_that_breaks_off_says_in_which_line(string json, int line) =>
        Assert.Contains($"line {line}", Assert.Throws<InvalidDocumentException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Init", false)]
    [InlineData("Queuing", false)]
    [InlineData("Running", false)]
    [InlineData("Success", false)]
    [InlineData("Failed", true)]
    [InlineData("Novel", true)]
    public void An_upgrade_has_details_only_once_it_shows_the_failure(string phase, bool reports) =>
        Assert.Equal(reports, TaskDocument.ReadUpgrade(Bytes($$"""{"status":{"phase":"{{phase}}","progress":"1"} }""")) is not null);

    [Theory]
    [InlineData("Init", false)]
    [InlineData("Queuing", false)]
    [InlineData("Running", false)]
    [InlineData("Error", true)]
    public void A_pre_check_has_details_only_once_it_shows_an_end(string phase, bool reports) =>
        Assert.Equal(reports, TaskDocument.ReadPreCheck(Bytes($$"""{"status":{"phase":"{{phase}}"} }""")) is not null);

    [Fact]
    public void Broken_items_and_those_without_name_level_or_group_come_last()
    {
        var report = TaskDocument.ReadPreCheck(
            Bytes(
                """
                {"status":{"phase":"Failed","nodeCheckStatus":{"itemsStatus":[{"phase":"Error","name":"e"},{"phase":"Failed"}]},"clusterCheckStatus":{"itemsStatus":[
                  {"phase":"Failed","level":"Info","name":"i"},{"phase":"Failed","level":"Info","group":"A","name":"g"},{"phase":"Failed","level":"Dire","name":"d"},
                  {"phase":"Failed","level":"Info","group":"B","name":"h"},{"phase":"Passed","name":"no"},
                  {"ph\u0061se":"Failed","l\u0065vel":"Fatal","name":"x","nam\u0065":"escaped"}]}}}
                """
            )
        )!;

        Assert.Equal(["escaped", "g", "h", "i", "d", "(unnamed)", "e"], report.Details.Select(detail => detail.Name));
    }

    [Fact]
    public void Eight_codes_and_eight_risks_are_kept_of_an_item()
    {
        static string List(string format) =>
            string.Join(',', Enumerable.Range(0, 9).Select(i => format.Replace("#", $"{i}", StringComparison.Ordinal)));

        var detail = Assert.Single(
            TaskDocument
                .ReadPreCheck(
                    Bytes(
                        $$"""{"status":{"phase":"Failed","clusterCheckStatus":{"itemsStatus":[{"phase":"Failed","name":"n","errorCodes":[{{List("\"C#\"")}}],"riskSource":{"nodeRisks":[{{List("{\"NodeID\":\"n#\"}")}}]} }]} } }"""
                    )
                )!
                .Details
        );

        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"C{i}"), detail.ErrorCodes);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"node n{i}"), detail.RiskSources!);
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(65, 64)]
    public void A_phase_is_given_up_to_64_bytes(int given, int kept)
    {
        var message = Assert
            .Single(TaskDocument.ReadUpgrade(Bytes($$"""{"status":{"phase":"{{new string('x', given)}}"} }"""))!.Details)
            .Message!["phase ".Length..];

        Assert.Equal(kept, Encoding.UTF8.GetByteCount(message));
        Assert.Equal(given > kept, message.EndsWith('…'));
    }

    [Fact]
    public void A_long_message_leaves_room_for_the_risks()
    {
        var detail = Assert.Single(
            TaskDocument
                .ReadPreCheck(
                    Bytes(
                        $$"""{"status":{"phase":"Failed","clusterCheckStatus":{"itemsStatus":[{"phase":"Failed","name":"n","message":"{{new string('m', 2000)}}","riskSource":{"nodeRisks":[{"NodeID":"{{new string('r', 500)}}"}]} }]} } }"""
                    )
                )!
                .Details
        );

        // Of 1,024 bytes less the name two thirds are the message's.
        Assert.Equal(682, Encoding.UTF8.GetByteCount(detail.Message!));
        Assert.Equal(341, Encoding.UTF8.GetByteCount(Assert.Single(detail.RiskSources!)));
    }

    [Theory]
    [InlineData("""{"spec":[1,2],"status":{}}""", """{"spec":[2,1],"status":{}}""")]
    [InlineData("""{"spec":{"pointStatuses":[1,2]}}""", """{"spec":{"pointStatuses":[2,1]}}""")]
    [InlineData("""{"spec":{},"status":{"other":[1,2]}}""", """{"spec":{},"status":{"other":[2,1]}}""")]
    [InlineData(
        """{"spec":{},"status":{"pointStatuses":[{"pointStatuses":[1,2]}]}}""",
        """{"spec":{},"status":{"pointStatuses":[{"pointStatuses":[2,1]}]}}"""
    )]
    [InlineData(
        """{"spec":{},"status":{"pointStatuses":{"pointStatuses":[1,2]}}}""",
        """{"spec":{},"status":{"pointStatuses":{"pointStatuses":[2,1]}}}"""
    )]
    [InlineData("""{"spec":{},"status":"x"}""", """{"spec":{},"status":"y"}""")]
    [InlineData("""{"spec":{},"status":[1,2]}""", """{"spec":{},"status":[2,1]}""")]
    [InlineData("""{"spec":{"a":"x","b":"c"}}""", """{"spec":{"a":"xs:bs:c"}}""")]
    [InlineData("""{"spec":{"a":"2","b":"1234567"}}""", """{"spec":{"a":"s1bs71234567"}}""")]
    [InlineData("""{"spec":[[1],2],"status":{}}""", """{"spec":[[1,2]],"status":{}}""")]
    [InlineData("""{"spec":[1,2],"status":{}}""", """{"spec":[12],"status":{}}""")]
    public void States_that_differ_have_different_hashes(string one, string other) => Assert.NotEqual(Hash(one), Hash(other));

    [Fact]
    public void Of_many_members_the_last_of_a_name_counts_as_of_few()
    {
        var many = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"m{i}\":{i}"));
        var first = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"m{i}\":0"));

        Assert.Equal(Hash($$"""{"spec":{{{many}}} }"""), Hash($$"""{"spec":{{{first}},{{many}}} }"""));
        Assert.NotEqual(Hash($$"""{"spec":{{{many}}} }"""), Hash($$"""{"spec":{{{many}},{{first}}} }"""));
    }

    private static double? Wait(TrackedWorkflow row) => Summarize(row).Tasks.Single(task => task.Type == Cluster).WaitSeconds;

    private static TrackedWorkflow Row(UpgradeWorkflow state, double minute) =>
        WorkflowReplay.Observe(WorkflowReplay.New(), state, At(minute));

    private static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);

    private static UpgradeWorkflow Read(string json) => WorkflowDocument.Read(Bytes(json)).State;

    private static string Hash(string json) => WorkflowDocument.Read(Bytes(json)).Hash;

    private static WorkflowSummary Summarize(UpgradeWorkflow state, double minute) =>
        Summarize(WorkflowReplay.Observe(WorkflowReplay.New(), state, At(minute)));

    private static WorkflowSummary Summarize(TrackedWorkflow row) =>
        WorkflowSummarizer.Summarize(row, Baseline.Empty, row.ObservedAt!.Value, TimeSpan.FromMinutes(1));
}
