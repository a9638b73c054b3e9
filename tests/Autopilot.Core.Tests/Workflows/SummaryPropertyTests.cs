using System.Text;
using System.Text.Json;
using Autopilot.Core.Reporting;
using Autopilot.Core.Serialization;
using Autopilot.Core.Workflows;
using CsCheck;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>What holds of every summary, whatever upstream sends in whatever order.</summary>
public sealed class SummaryPropertyTests
{
    private static readonly Gen<UpgradeTaskType> Types = AnyOf("PreCheck", "Snapshot", "Cluster", "PostCheck", "Rollback", "Audit", "Zeal")
        .Select(UpgradeTaskType.From);

    private static readonly Gen<UpgradeTaskStatus> Statuses = AnyOf(
            "NotStarted",
            "Init",
            "Queuing",
            "Running",
            "Pause",
            "Success",
            "Failed",
            "Novel"
        )
        .Select(UpgradeTaskStatus.From);

    private static readonly Gen<DateTimeOffset?> Times = Gen.OneOf(
        Gen.Int[0, 300].Select(minute => (DateTimeOffset?)States.At(minute)),
        Gen.Const((DateTimeOffset?)null)
    );

    private static readonly Gen<UpgradeTask> Tasks = Gen.Select(Types, AnyOf<string?>("a", "b", null), Statuses, Times, Times, Times)
        .Select(
            (type, id, status, start, end, expiry) =>
                new UpgradeTask
                {
                    Type = type,
                    TaskId = id,
                    Status = status,
                    StartedAt = start,
                    EndedAt = end,
                    ExpiresAt = expiry,
                }
        );

    private static readonly Gen<UpgradeWorkflow> Workflows = Gen.Select(
            AnyOf("Init", "Running", "Pending", "Success", "Cancel", "Novel", ""),
            Times,
            Tasks.Array[0, 7],
            Gen.Select(Types, Types).Array[0, 8]
        )
        .Select(
            (phase, created, tasks, lines) =>
                new UpgradeWorkflow
                {
                    Phase = new(phase),
                    CreatedAt = created,
                    Tasks = tasks,
                    Dependencies = [.. lines.Select(line => new TaskDependency(line.Item1, line.Item2))],
                }
        );

    private static readonly Gen<Baseline> Baselines = Gen.Select(Types, Gen.Double[0, 20_000], AnyOf<string?>("v1.28.1", "v1.29.0", null))
        .Array[0, 30]
        .Select(runs =>
            BaselineBuilder.Of(
                runs.Select(
                    (run, i) =>
                        new FinishedUpgrade
                        {
                            Target = new WorkflowTarget("p", "c", $"w{i}"),
                            TargetVersion = run.Item3,
                            Outcome = WorkflowOutcome.Succeeded,
                            EndedAt = States.At(-i),
                            Tasks = [new FinishedTask(run.Item1, UpgradeTaskStatus.Success, run.Item2, run.Item2, null, 1, 0)],
                        }
                )
            )
        );

    private static readonly Gen<TrackedWorkflow> Histories = Workflows
        .Array[1, 5]
        .Select(states =>
        {
            var row = WorkflowReplay.New();
            for (var i = 0; i < states.Length; i++)
            {
                row = WorkflowReplay.Observe(row, states[i], States.At(60 * (i + 1)));
            }

            return row;
        });

    [Fact]
    public void The_order_respects_every_dependency() =>
        Workflows.Sample(state =>
        {
            var graph = TaskGraph.Of(state);
            var order = graph.Tasks.ToList();
            IEnumerable<UpgradeTaskType> named =
                state.Dependencies.Count == 0
                    ? [UpgradeTaskType.PreCheck, UpgradeTaskType.Cluster, UpgradeTaskType.PostCheck]
                    : state.Dependencies.SelectMany(line => new[] { line.From, line.To });
            Assert.Equal(state.Tasks.Select(task => task.Type).Concat(named).Distinct().Count(), order.Count);
            Assert.All(order, node => Assert.All(node.DependsOn, before => Assert.True(order.IndexOf(before) < order.IndexOf(node))));
            if (state.Dependencies.Count > 0)
            {
                var kept = order.Sum(node => node.DependsOn.Count);
                var branch = state
                    .Dependencies.Distinct()
                    .Count(line => line.From == UpgradeTaskType.Rollback || line.To == UpgradeTaskType.Rollback);
                Assert.Equal(state.Dependencies.Distinct().Count(), kept + branch + graph.Ignored.Count);
            }
        });

    [Fact]
    public void The_order_of_upstreams_arrays_changes_nothing() =>
        Gen.Select(Workflows, Gen.Int)
            .Sample(
                (state, seed) =>
                {
                    var random = new Random(seed);
                    var shuffled = state with
                    {
                        Tasks = [.. state.Tasks.OrderBy(_ => random.Next())],
                        Dependencies = [.. state.Dependencies.OrderBy(_ => random.Next())],
                    };
                    Assert.Equal(
                        Summary(WorkflowReplay.Observe(WorkflowReplay.New(), state, States.At(60))),
                        Summary(WorkflowReplay.Observe(WorkflowReplay.New(), shuffled, States.At(60)))
                    );
                    Assert.Equal(WorkflowDocument.Read(Document(state)).Hash, WorkflowDocument.Read(Document(shuffled)).Hash);
                }
            );

    [Fact]
    public void A_document_says_what_was_written_into_it() =>
        Workflows.Sample(state =>
            Assert.Equal(
                JsonSerializer.Serialize(state, StoredJsonContext.Default.UpgradeWorkflow),
                JsonSerializer.Serialize(WorkflowDocument.Read(Document(state)).State, StoredJsonContext.Default.UpgradeWorkflow)
            )
        );

    [Fact]
    public void No_duration_and_no_wait_is_negative_and_active_time_is_part_of_the_whole() =>
        Histories.Sample(row =>
        {
            var summary = Summarize(row);
            Assert.All(
                summary
                    .Tasks.SelectMany(task =>
                        new[] { task.DurationSeconds, task.WaitSeconds }.Concat(task.Runs.Select(run => run.DurationSeconds))
                    )
                    .Concat([summary.ElapsedSeconds, summary.ActiveSeconds, summary.WaitingSeconds, summary.BlockingTask?.BlockedSeconds]),
                seconds => Assert.True(seconds is null or >= 0)
            );
            Assert.True(summary.ElapsedSeconds is null || summary.ActiveSeconds <= summary.ElapsedSeconds);
            Assert.InRange(summary.Progress!.Percent, 0, 100);
        });

    [Fact]
    public void No_two_sentences_of_one_summary_contradict_each_other() =>
        Gen.Select(Histories, Baselines, Gen.Int[0, 3])
            .Sample(
                (row, baseline, gone) =>
                {
                    var last = row.ObservedAt!.Value;
                    row =
                        gone == 0
                            ? row with
                            {
                                GoneSince = last.AddMinutes(1),
                            }
                            : row with
                            {
                                ObservedAt = last.AddMinutes(20 * (gone - 1)),
                            };
                    ContradictionRules.Check(WorkflowSummarizer.Summarize(row, baseline, row.ObservedAt!.Value, TimeSpan.FromMinutes(1)));
                },
                iter: 5000
            );

    [Fact]
    public void Every_second_counts_once() =>
        Histories.Sample(row =>
        {
            var summary = Summarize(row);
            Assert.Equal(summary.ElapsedSeconds is null, summary.Time is null);
            if (summary.Time is { } time)
            {
                double[] parts = [time.WorkSeconds, time.PersonSeconds, time.QueueSeconds, time.BlockedSeconds, time.UnknownSeconds];
                Assert.All(parts, seconds => Assert.True(seconds >= 0));
                Assert.Equal(summary.ElapsedSeconds!.Value, parts.Sum(), 1e-6);
                var segments = TimeSegments.Of(WorkflowAnalysis.Of(row, Baseline.Empty)!);
                Assert.All(segments.Zip(segments.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));

                // The timeline draws the same split: queues are each task's own, and a wait for no single task has no row.
                var timeline = UpgradeTimeline.Of(row, Baseline.Empty);
                double Drawn(TimelineKind kind) => timeline.Rows.Where(shown => shown.Kind == kind).Sum(shown => shown.Seconds ?? 0);
                Assert.Equal(summary.Assessment, timeline.Assessment);
                Assert.Equal(time.BlockedSeconds, Drawn(TimelineKind.Blocked), 1e-6);
                Assert.Equal(
                    segments
                        .Where(segment => segment is { Kind: TimeKind.Person, Task: not null })
                        .Sum(segment => (segment.To - segment.From).TotalSeconds),
                    Drawn(TimelineKind.Wait),
                    1e-6
                );
                foreach (var task in timeline.Tasks!)
                {
                    var own = segments.Where(segment => segment.Task == task.Task).ToList();
                    Assert.Equal(own.Count == 0 ? null : TimeSplit.Of(own), task.Time);
                }

                Assert.True(Drawn(TimelineKind.Queue) >= time.QueueSeconds - 1e-6);

                // Runs are each task's own, too, and hold their pauses and what is unknown of them; work is what at least one of them did.
                var runs = timeline.Rows.Where(shown => shown.Kind == TimelineKind.Run).ToList();
                foreach (var segment in segments)
                {
                    var ran = runs.Where(run => run.StartedAt < segment.To && segment.From < (run.EndedAt ?? timeline.To)).ToList();
                    if (segment.Kind == TimeKind.Work)
                    {
                        // Of two runs that overlap or follow at once, each has its part.
                        var drawnTo = segment.From;
                        foreach (
                            var run in ran.Where(run => run.Task == segment.Task && run.Seconds is not null && run.StartedAt <= drawnTo)
                        )
                        {
                            drawnTo = Instants.Later(drawnTo, run.EndedAt ?? timeline.To)!.Value;
                        }

                        Assert.True(drawnTo >= segment.To, $"{segment} is drawn to {drawnTo} only.");
                    }
                    else if (segment.Kind == TimeKind.Person || segment is { Kind: TimeKind.Blocked, Reason: not BlockingReason.Paused })
                    {
                        // A mark has no length.
                        Assert.DoesNotContain(ran, run => run.Seconds > 0);
                    }
                }

                Assert.All(
                    summary.Tasks,
                    task => Assert.True(runs.Count(run => run.Task == task.Type) >= task.Runs.Count(run => run.Status.HasStarted()))
                );
                Assert.All(timeline.Rows, shown => Assert.False(shown.TimesObserved is true && shown.Kind != TimelineKind.Run));
            }
        });

    [Fact]
    public void The_blocking_task_is_a_task_of_the_workflow_and_no_terminal_phase_has_one() =>
        Histories.Sample(row =>
        {
            var summary = Summarize(row);
            if (row.State!.Phase.IsTerminal)
            {
                Assert.Null(summary.BlockingTask);
            }
            else if (summary.BlockingTask is { } blocking)
            {
                Assert.Contains(
                    summary.Tasks,
                    task => task.Type == blocking.Type && task.Status == blocking.Status && task.TaskId == blocking.TaskId
                );
                Assert.NotEqual((UpgradeTaskStatus.Success, BlockingReason.AwaitingStart), (blocking.Status, blocking.Reason));
            }
        });

    [Fact]
    public void The_assessment_alone_is_the_summarys() =>
        Histories.Sample(row => Assert.Equal(Summarize(row).Assessment, WorkflowSummarizer.Assess(row, Baseline.Empty)));

    [Fact]
    public void Insights_come_worst_first_and_then_oldest_first() =>
        Histories.Sample(row =>
        {
            var insights = Summarize(row).Insights;
            Assert.All(
                insights.Zip(insights.Skip(1)),
                pair =>
                    Assert.True(
                        pair.First.Level > pair.Second.Level
                            || (pair.First.Level == pair.Second.Level && !(pair.First.Since > pair.Second.Since))
                    )
            );
        });

    [Fact]
    public void Every_run_of_every_task_is_listed_once() =>
        Histories.Sample(row =>
        {
            var summary = Summarize(row);
            Assert.Equal(row.Runs.Count, summary.Tasks.Sum(task => task.Attempts));
            Assert.All(summary.Tasks, task => Assert.Equal(task.Attempts, task.Runs.Count));
            Assert.Equal(summary.Tasks.Count, summary.Tasks.Select(task => task.Type).Distinct().Count());
        });

    [Fact]
    public void A_stored_row_gives_the_same_summary_as_the_one_in_memory() =>
        Histories.Sample(row =>
        {
            Assert.Equal(Summary(row), Summary(Stored(row)));
        });

    [Fact]
    public void Failure_details_are_read_once_bounded_and_given_for_the_failed_run() =>
        Gen.Select(Workflows.Array[1, 6], Gen.Int[0, 60])
            .Sample(
                (states, details) =>
                {
                    var row = WorkflowReplay.New();
                    var asked = new List<(UpgradeTaskType, string?, DateTimeOffset?)>();
                    for (var i = 0; i < states.Length; i++)
                    {
                        row = WorkflowReplay.Observe(row, states[i], States.At(60 * (i + 1)));
                        foreach (var run in TaskFailures.Unexplained(row.TaskFailures, row.Runs))
                        {
                            asked.Add((run.Type, run.TaskId ?? "", run.StartedAt));
                            var words = Enumerable
                                .Range(0, details)
                                .Select(at => new FailureDetail { Name = $"{run.Type} {run.TaskId} {at}" });
                            row = row with { TaskFailures = TaskFailures.Add(row.TaskFailures, run, new FailureReport([.. words])) };
                        }

                        Assert.Empty(TaskFailures.Unexplained(row.TaskFailures, row.Runs));
                        Assert.True(row.TaskFailures.Sum(failure => failure.Details.Count) <= TaskFailures.MaxKept);
                        Assert.All(row.TaskFailures, failure => Assert.Equal(details, failure.Details.Count + failure.Omitted));
                        Assert.All(row.TaskFailures, failure => Assert.Contains((failure.Type, failure.TaskId, failure.StartedAt), asked));

                        var summary = Summarize(row);
                        Assert.EndsWith(".", summary.Headline, StringComparison.Ordinal);
                        if (summary.BlockingTask is { Details: { } reported } blocking)
                        {
                            Assert.Equal(UpgradeTaskStatus.Failed, blocking.Status);
                            // A state may have lost the id of a run that is known by it.
                            Assert.All(
                                reported,
                                detail =>
                                    Assert.StartsWith(
                                        blocking.TaskId is { } id ? $"{blocking.Type} {id} " : $"{blocking.Type} ",
                                        detail.Name,
                                        StringComparison.Ordinal
                                    )
                            );
                        }

                        Assert.All(
                            summary.Tasks.SelectMany(task => task.Runs),
                            run => Assert.True(run.Details is null || run.Status == UpgradeTaskStatus.Failed)
                        );
                    }
                }
            );

    [Fact]
    public void A_history_replayed_state_by_state_gives_the_same_as_replayed_at_once() =>
        Workflows
            .Array[1, 6]
            .Sample(states =>
            {
                TrackedWorkflow atOnce = WorkflowReplay.New(),
                    stepwise = WorkflowReplay.New();
                for (var i = 0; i < states.Length; i++)
                {
                    atOnce = WorkflowReplay.Observe(atOnce, states[i], States.At(60 * (i + 1)));
                    // Each state by another process: it has only the document, and what was stored before.
                    stepwise = Stored(
                        WorkflowReplay.Observe(stepwise, WorkflowDocument.ReadState(Document(states[i])), States.At(60 * (i + 1)))
                    );
                    Assert.Equal(Summary(atOnce), Summary(stepwise));
                }
            });

    [Fact]
    public void What_is_left_is_never_negative_and_no_less_by_the_80th_percentile() =>
        Gen.Select(Histories, Baselines)
            .Sample(
                (row, baseline) =>
                {
                    var summary = WorkflowSummarizer.Summarize(row, baseline, row.ObservedAt!.Value, TimeSpan.FromMinutes(1));
                    Assert.True(
                        summary.Estimate is null || summary.BlockingTask!.Reason is BlockingReason.InProgress or BlockingReason.Queued
                    );
                    if (summary.Estimate is { } estimate)
                    {
                        Assert.True(estimate.RemainingSeconds >= 0);
                        Assert.True(estimate.RemainingP80Seconds >= estimate.RemainingSeconds);
                        Assert.Equal(estimate.OverdueSeconds is null, estimate.CompletesAt is not null);
                        Assert.Equal(
                            row.ObservedAt.Value.AddSeconds(estimate.RemainingSeconds),
                            estimate.CompletesAt ?? row.ObservedAt.Value.AddSeconds(estimate.RemainingSeconds),
                            TimeSpan.FromMicroseconds(1)
                        );
                        Assert.Equal(estimate.Basis == "History", estimate.SampleSize >= Baseline.FewestRuns);
                        Assert.Equal(estimate.Basis == "Default", estimate.SampleSize == 0);
                    }

                    Assert.Equal(summary.Assessment, WorkflowSummarizer.Assess(row, baseline));
                }
            );

    [Fact]
    public void History_moves_no_assessment_but_those_of_what_runs() =>
        Gen.Select(Histories, Baselines)
            .Sample(
                (row, baseline) =>
                {
                    Assessment[] paces = [Assessment.Slow, Assessment.Stalled];
                    var without = WorkflowSummarizer.Assess(row, Baseline.Empty);
                    var with = WorkflowSummarizer.Assess(row, baseline);
                    var underWay =
                        Summarize(row).BlockingTask?.Reason
                        is BlockingReason.InProgress
                            or BlockingReason.Queued
                            or BlockingReason.RollingBack
                            or BlockingReason.Unknown;
                    Assert.True(
                        without == with || (underWay && (paces.Contains(without) || paces.Contains(with))),
                        $"{without} became {with}"
                    );
                }
            );

    [Fact]
    public void Any_json_is_either_a_workflow_or_refused() =>
        Gen.OneOf(Gen.String, Json(3))
            .Sample(json =>
            {
                try
                {
                    var observation = WorkflowDocument.Read(Encoding.UTF8.GetBytes(json));
                    Assert.NotEmpty(Summarize(WorkflowReplay.Observe(WorkflowReplay.New(), observation.State, States.At(1))).Headline);
                }
                catch (InvalidDocumentException e)
                {
                    Assert.NotEmpty(e.Message);
                }
            });

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static WorkflowSummary Summarize(TrackedWorkflow row) =>
        WorkflowSummarizer.Summarize(row, Baseline.Empty, row.ObservedAt!.Value, TimeSpan.FromMinutes(1));

    /// <summary>What is left of a row once it was stored and read again.</summary>
    private static TrackedWorkflow Stored(TrackedWorkflow row) =>
        row with
        {
            State = JsonSerializer.Deserialize(
                JsonSerializer.Serialize(row.State!, StoredJsonContext.Default.UpgradeWorkflow),
                StoredJsonContext.Default.UpgradeWorkflow
            ),
            Runs = JsonSerializer.Deserialize(
                JsonSerializer.Serialize(row.Runs, StoredJsonContext.Default.IReadOnlyListTaskAttempt),
                StoredJsonContext.Default.IReadOnlyListTaskAttempt
            )!,
        };

    private static string Summary(TrackedWorkflow row) => JsonSerializer.Serialize(Summarize(row));

    private static byte[] Document(UpgradeWorkflow state) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                metadata = new { creationTimestamp = Text(state.CreatedAt) },
                spec = new { },
                status = new
                {
                    phase = state.Phase.Value,
                    pointStatuses = state.Tasks.Select(task => new
                    {
                        taskType = task.Type.Value,
                        taskID = task.TaskId,
                        status = task.Status == UpgradeTaskStatus.NotStarted ? null : task.Status.Value,
                        startTimeStamp = Text(task.StartedAt),
                        endTimeStamp = Text(task.EndedAt),
                        expireTimeStamp = Text(task.ExpiresAt),
                    }),
                    lineStatuses = state.Dependencies.Select(line => new
                    {
                        startPoint = new { taskType = line.From.Value },
                        endPoint = new { taskType = line.To.Value },
                    }),
                },
            }
        );

    private static string? Text(DateTimeOffset? instant) => instant?.ToString("yyyy-MM-dd HH:mm:ss +0000 'UTC'", null);

    /// <summary>JSON that looks like a workflow's with anything in the wrong place.</summary>
    private static Gen<string> Json(int depth)
    {
        var scalar = AnyOf(
            "null",
            "true",
            "7",
            "1e400",
            "\"Cluster\"",
            "\"Running\"",
            "\"\\ud800\"",
            "\"2023-11-25 06:32:34 +0000 UTC\"",
            "\"\""
        );
        if (depth == 0)
        {
            return scalar;
        }

        var names = AnyOf(
            "metadata",
            "spec",
            "status",
            "phase",
            "pointStatuses",
            "lineStatuses",
            "taskType",
            "taskID",
            "startPoint",
            "endPoint",
            "startTimeStamp",
            "uid",
            "st\\u0061tus"
        );
        var member = Gen.Select(names, Gen.OneOf(scalar, Json(depth - 1))).Select((name, value) => $"\"{name}\":{value}");
        return Gen.OneOf(
            member.Array[0, 5].Select(members => "{" + string.Join(',', members) + "}"),
            Json(depth - 1).Array[0, 3].Select(items => "[" + string.Join(',', items) + "]")
        );
    }
}
