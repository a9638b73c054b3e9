using System.Globalization;
using System.Text;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Tracking;

/// <summary>Why a task failed: asked once per failed run, before the write, and never at the poll's cost.</summary>
public sealed class FailureDetailsFetcherTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly FailureReport Words = new([
        new FailureDetail
        {
            Name = "CoreDNS",
            Group = "AddonCheck",
            Level = "Fatal",
        },
    ]);

    private readonly MemoryStore _store = new();
    private readonly ScriptedSource _upstream = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private readonly ServiceProvider _provider;

    public FailureDetailsFetcherTests()
    {
        _provider = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace))
            .AddFakeLogging()
            .AddSingleton<TimeProvider>(_clock)
            .AddStore(_store)
            .AddSingleton<IBaselineStore>(new BaselineInMemory())
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddAutopilotCore(new ConfigurationBuilder().Build())
            .BuildServiceProvider();
        _store.Put(new TrackedWorkflow { Target = new WorkflowTarget("p1", "c1", "w1"), TrackedAt = Start });
        _upstream.Answer = target => Task.FromResult(State(target, "PreCheck", "t1", "Failed"));
        _upstream.Why = _ => Task.FromResult<FailureReport?>(Words);
        // The progress of a snapshot that runs would be asked for in the same list.
        _upstream.IsHalfUnspent = false;
    }

    private TrackedWorkflow Row => _store["w1"];

    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_words_are_stored_with_the_state_that_shows_the_failure(bool byCycle)
    {
        if (byCycle)
        {
            await CycleAsync();
        }
        else
        {
            await _provider.GetRequiredService<WorkflowPoller>().PollAsync("w1", CancellationToken.None);
        }

        var failure = Assert.Single(Row.TaskFailures);
        Assert.Equal(("t1", "CoreDNS"), (failure.TaskId, Assert.Single(failure.Details).Name));
        Assert.Equal("CoreDNS", Assert.Single(Summary().BlockingTask!.Details!).Name);
        Assert.Single(_store.HistoryOf("w1"));
    }

    [Fact]
    public async Task A_failed_run_is_asked_about_once()
    {
        await CycleAsync();
        await CycleAsync();
        await CycleAsync();

        Assert.Equal(["PreCheck/t1"], _upstream.Asked);
    }

    [Fact]
    public async Task A_task_that_has_not_failed_is_not_asked_about()
    {
        _upstream.Answer = target => Task.FromResult(State(target, "PreCheck", "t1", "Running"));

        await CycleAsync();

        Assert.Empty(_upstream.Asked);
    }

    [Theory]
    [InlineData(UpstreamFailure.Unavailable)]
    [InlineData(UpstreamFailure.Throttled)]
    [InlineData(UpstreamFailure.Denied)]
    [InlineData(UpstreamFailure.Invalid)]
    [InlineData(UpstreamFailure.Rejected)]
    [InlineData(UpstreamFailure.Misconfigured)]
    public async Task Without_an_answer_the_state_is_stored_at_once_and_a_later_poll_asks_again(UpstreamFailure failure)
    {
        _upstream.Why = _ => throw new UpstreamException(failure, "no");
        var first = await CycleAsync();

        Assert.Equal((1, 1, 0, true), (first.Polled, first.Changed, first.Failed, first.Complete));
        Assert.Equal((1, null), (Row.Sequence, Row.Failure));
        Assert.Null(Summary().BlockingTask!.Details);

        _upstream.Why = _ => Task.FromResult<FailureReport?>(Words);
        var second = await CycleAsync();

        // Failure details are no change of state: guarantee 1.
        Assert.Equal((0, 1), (second.Changed, second.Unchanged));
        Assert.Single(_store.HistoryOf("w1"));
        Assert.Equal(Start, Row.LastChangedAt);
        Assert.NotNull(Summary().BlockingTask!.Details);
    }

    [Fact]
    public async Task A_failure_that_upstream_does_not_show_yet_is_asked_about_again()
    {
        _upstream.Why = _ => Task.FromResult<FailureReport?>(null);
        await CycleAsync();
        await CycleAsync();

        Assert.Equal(2, _upstream.Asked.Count);
        Assert.Empty(Row.TaskFailures);
    }

    [Fact]
    public async Task A_task_that_upstream_does_not_know_is_not_asked_about_again()
    {
        _upstream.Why = _ => throw new UpstreamException(UpstreamFailure.NotFound, "unknown");
        await CycleAsync();
        await CycleAsync();

        Assert.Single(_upstream.Asked);
        Assert.Null(Summary().BlockingTask!.Details);
    }

    [Theory]
    [InlineData("PreCheck", UpstreamFailure.NotFound)]
    [InlineData("Snapshot", UpstreamFailure.NotFound)]
    [InlineData("Snapshot", UpstreamFailure.Denied)]
    [InlineData("Snapshot", UpstreamFailure.Invalid)]
    public async Task An_odd_answer_is_asked_about_again_with_growing_pauses(string type, UpstreamFailure failure)
    {
        _upstream.Answer = target => Task.FromResult(State(target, type, "t1", "Failed"));
        _upstream.Why = _ => throw new UpstreamException(failure, "no");
        _upstream.Snapshots = () => throw new UpstreamException(failure, "no");
        await CycleAsync();
        foreach (var (pause, asked) in new[] { (9, 1), (1, 2), (59, 2), (1, 3), (23 * 60, 3), (60, 4), (60, 4) })
        {
            _clock.Advance(TimeSpan.FromMinutes(pause));
            await CycleAsync();
            Assert.Equal(asked, _upstream.Asked.Count);
        }

        _upstream.Why = _ => Task.FromResult<FailureReport?>(Words);
        var task = new SnapshotTask("t1", Start, "Failed", null, []);
        _upstream.Snapshots = () => Task.FromResult(new SnapshotList(null, [task]));
        _clock.Advance(TimeSpan.FromDays(1));
        await CycleAsync();
        _clock.Advance(TimeSpan.FromDays(2));
        await CycleAsync();

        Assert.Equal(5, _upstream.Asked.Count);
        Assert.NotNull(Summary().BlockingTask!.Details);
        Assert.Single(_store.HistoryOf("w1"));
    }

    [Fact]
    public async Task A_document_that_is_too_large_is_asked_for_once_more_when_the_limit_is_raised()
    {
        _upstream.AnswerLimit = 1024;
        _upstream.Why = _ => throw new UpstreamException(UpstreamFailure.Invalid, "too large") { AnswerLimit = 1024 };
        await CycleAsync();
        await CycleAsync();

        Assert.Single(_upstream.Asked);
        var insight = Assert.Single(Summary().Insights, insight => insight.Code == "FailureDetailsTooLarge");
        Assert.Equal(UpgradeTaskType.PreCheck, insight.Task);
        Assert.Contains("larger than 1024 bytes", insight.Summary, StringComparison.Ordinal);
        Assert.Contains("Cce:MaxAnswerBytes", insight.Remediation, StringComparison.Ordinal);
        Assert.Single(_provider.GetFakeLogCollector().GetSnapshot(), record => record.Id.Name == "FailureTooLarge");

        _upstream.AnswerLimit = 2048;
        _upstream.Why = _ => Task.FromResult<FailureReport?>(Words);
        await CycleAsync();
        await CycleAsync();

        Assert.Equal(2, _upstream.Asked.Count);
        Assert.DoesNotContain(Summary().Insights, insight => insight.Code == "FailureDetailsTooLarge");
        Assert.Equal("CoreDNS", Assert.Single(Summary().BlockingTask!.Details!).Name);
    }

    [Theory]
    [InlineData("Snapshot", "t1")]
    [InlineData("Snapshot", null)]
    [InlineData("Rollback", "t1")]
    [InlineData("Rollback", null)]
    public async Task A_failed_snapshot_or_rollback_is_explained_from_the_list_of_backups_once(string type, string? id)
    {
        _upstream.Answer = target => Task.FromResult(State(target, type, id, "Failed"));
        _upstream.Snapshots = () =>
            Task.FromResult(
                new SnapshotList(
                    null,
                    [
                        new SnapshotTask(
                            "t1",
                            Start,
                            "Failed",
                            "40",
                            [
                                new SnapshotItem(
                                    type == "Snapshot" ? "master-backup" : "master-backup-rollback",
                                    "Failed",
                                    "The disk is full.",
                                    Start,
                                    Start
                                ),
                            ]
                        ),
                    ]
                )
            );

        await CycleAsync();
        await CycleAsync();

        Assert.Equal(["Snapshots/c1"], _upstream.Asked);
        var detail = Assert.Single(Assert.Single(Row.TaskFailures).Details);
        Assert.Equal(
            type == "Snapshot" ? "phase Failed at progress 40: The disk is full." : "phase Failed: The disk is full.",
            detail.Message
        );
        Assert.Equal(type == "Rollback" || id is null ? true : null, detail.Probable);
        Assert.Contains(
            detail.Probable is true ? "Upstream probably says of it" : "Upstream says",
            Summary().BlockingTask!.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(UpstreamFailure.NotFound, 1)]
    [InlineData(UpstreamFailure.Denied, 1)]
    [InlineData(UpstreamFailure.Invalid, 1)]
    [InlineData(UpstreamFailure.Unavailable, 3)]
    [InlineData(UpstreamFailure.Throttled, 3)]
    public async Task Without_a_list_of_backups_all_else_is_as_before(UpstreamFailure failure, int asked)
    {
        _upstream.Answer = target => Task.FromResult(State(target, "Snapshot", "t1", "Failed"));
        _upstream.Snapshots = () => throw new UpstreamException(failure, "no");

        var first = await CycleAsync();
        await CycleAsync();
        await CycleAsync();

        Assert.Equal((1, 0), (first.Changed, first.Failed));
        Assert.Equal((1, null), (Row.Sequence, Row.Failure));
        Assert.Null(Summary().BlockingTask!.Details);
        Assert.Equal(asked, _upstream.Asked.Count);
    }

    [Fact]
    public async Task The_latest_backup_is_asked_for_once_when_the_cluster_stage_is_next()
    {
        _upstream.Answer = target => Task.FromResult(State(target, "PreCheck", "t1", "Success", more: """,{"taskType":"Cluster"}"""));
        _upstream.Snapshots = () => Task.FromResult(new SnapshotList(Start.AddDays(-3), []));

        await CycleAsync();
        await CycleAsync();

        Assert.Equal(["Snapshots/c1"], _upstream.Asked);
        Assert.Equal(new LatestBackup("t1", Start.AddDays(-3), Start), Row.Backup);
        Assert.Single(_store.HistoryOf("w1"));

        // A pre-check that is run once more may have a new backup behind it.
        _upstream.Answer = target => Task.FromResult(State(target, "PreCheck", "t2", "Success", more: """,{"taskType":"Cluster"}"""));
        await CycleAsync();

        Assert.Equal(2, _upstream.Asked.Count);
        Assert.Equal("t2", Row.Backup!.For);
    }

    [Fact]
    public async Task The_latest_backup_is_asked_for_only_while_the_cluster_stage_is_next()
    {
        _upstream.Snapshots = () => Task.FromResult(new SnapshotList(Start.AddHours(-2), []));
        foreach (var status in (string[])["Queuing", "Running", "Success"])
        {
            _upstream.Answer = target =>
                Task.FromResult(
                    State(
                        target,
                        "PreCheck",
                        "t1",
                        "Success",
                        more: $$""",{"taskType":"Snapshot","taskID":"s1","status":"{{status}}"},{"taskType":"Cluster"}"""
                    )
                );
            await CycleAsync();
            Assert.Equal(status == "Success" ? 1 : 0, _upstream.Asked.Count);
        }

        // Its age is as of the time of asking, however long the row is polled on.
        _clock.Advance(TimeSpan.FromHours(1));
        await CycleAsync();

        Assert.Single(_upstream.Asked);
        var insight = Assert.Single(Summary().Insights, insight => insight.Code == "LatestBackup");
        Assert.StartsWith(
            $"As of {HumanDuration.At(Row.Backup!.AskedAt!.Value)}, the latest backup of the control plane was 2 h",
            insight.Summary,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(true, "BackupBroke")]
    [InlineData(false, "BackupNotRead")]
    public async Task A_list_of_backups_that_fails_logs_no_failed_task(bool defect, string name)
    {
        _upstream.Answer = target => Task.FromResult(State(target, "PreCheck", "t1", "Success", more: """,{"taskType":"Cluster"}"""));
        _upstream.Snapshots = () =>
            throw (defect ? new InvalidOperationException("a defect") : new UpstreamException(UpstreamFailure.Throttled, "Too many."));

        await CycleAsync();

        var records = _provider.GetFakeLogCollector().GetSnapshot();
        Assert.Single(records, record => record.Id.Name == name);
        Assert.DoesNotContain(records, record => record.Message.Contains("failed could not", StringComparison.Ordinal));
        Assert.DoesNotContain(records, record => record.Id.Name is "FailureNotRead" or "FailureBroke" or "FailureTooLarge");
        Assert.Null(Row.Backup);
    }

    [Theory]
    [InlineData(UpstreamFailure.NotFound)]
    [InlineData(UpstreamFailure.Denied)]
    [InlineData(UpstreamFailure.Invalid)]
    public async Task A_gateway_without_a_list_of_backups_is_asked_once_and_nothing_is_said(UpstreamFailure failure)
    {
        _upstream.Answer = target => Task.FromResult(State(target, "PreCheck", "t1", "Success", more: """,{"taskType":"Cluster"}"""));
        _upstream.Snapshots = () => throw new UpstreamException(failure, "no");

        await CycleAsync();
        await CycleAsync();

        Assert.Single(_upstream.Asked);
        Assert.DoesNotContain(Summary().Insights, insight => insight.Code == "LatestBackup");
    }

    [Fact]
    public async Task Whatever_breaks_on_the_way_does_not_cost_the_state()
    {
        _upstream.Why = _ => throw new InvalidOperationException("a defect");

        Assert.Equal((1, 0), ((await CycleAsync()).Changed, Row.TaskFailures.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hostile_task_type_breaks_no_line_of_the_log_and_no_payload_joins_it(bool defect)
    {
        const string Payload = "belongs-in-no-log";
        const string Hostile = @"Clu\r\nfail: forged\u001b[31m\u202e\u2028\u0000";
        const string Point = $$""",{"taskType":"{{Hostile}}","taskID":"{{Payload}}","status":"{{Hostile}}","message":"{{Payload}}"}""";
        _upstream.Answer = target => Task.FromResult(State(target, "PreCheck", "t1", "Failed", more: Point));
        _upstream.Why = _ =>
            throw (defect ? new InvalidOperationException("a defect") : new UpstreamException(UpstreamFailure.Unavailable, "It is away."));

        await CycleAsync();

        // The type has come as it is, and its words are in sentences, but in no log.
        Assert.Contains(Row.State!.Tasks, task => task.Type.Value.Contains("forged", StringComparison.Ordinal));
        Assert.Contains(Summary().Insights, insight => insight.Summary.Contains("forged", StringComparison.Ordinal));
        var records = _provider.GetFakeLogCollector().GetSnapshot();
        var expected = defect ? "FailureBroke" : "FailureNotRead";
        Assert.Single(records, record => record.Id.Name == expected && record.GetStructuredStateValue("Task") == "PreCheck");
        Assert.All(
            records,
            record =>
            {
                var whole = string.Join(' ', record.StructuredState!.Select(member => member.Value).Append(record.Message));
                Assert.DoesNotContain(
                    whole,
                    sign =>
                        char.GetUnicodeCategory(sign)
                            is UnicodeCategory.Control
                                or UnicodeCategory.Format
                                or UnicodeCategory.LineSeparator
                                or UnicodeCategory.ParagraphSeparator
                );
                Assert.DoesNotContain("forged", $"{whole} {record.Exception}", StringComparison.Ordinal);
                Assert.DoesNotContain(Payload, $"{whole} {record.Exception}", StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public async Task A_cycle_whose_budget_ends_while_it_asks_still_stores_the_state()
    {
        var never = new TaskCompletionSource<FailureReport?>();
        _upstream.Why = _ => never.Task;
        var cycle = CycleAsync();
        while (_upstream.Asked.Count == 0)
        {
            await Task.Yield();
        }

        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(1, (await cycle).Changed);
        Assert.Equal(1, Row.Sequence);
    }

    [Fact]
    public async Task Each_retry_that_fails_is_asked_about_and_the_earlier_words_stay_with_their_run()
    {
        _upstream.Why = taskId => Task.FromResult<FailureReport?>(new FailureReport([new FailureDetail { Name = $"item of {taskId}" }]));
        await CycleAsync();
        _upstream.Answer = target => Task.FromResult(State(target, "PreCheck", "t2", "Running"));
        await CycleAsync();
        Assert.Null(Summary().BlockingTask!.Details);
        _upstream.Answer = target => Task.FromResult(State(target, "PreCheck", "t2", "Failed"));
        await CycleAsync();

        Assert.Equal(["PreCheck/t1", "PreCheck/t2"], _upstream.Asked);
        Assert.Equal(["item of t1", "item of t2"], Summary().Tasks[0].Runs.Select(run => Assert.Single(run.Details!).Name));
        Assert.Equal("item of t2", Assert.Single(Summary().BlockingTask!.Details!).Name);
    }

    [Fact]
    public async Task A_workflow_that_ends_with_a_failed_task_is_asked_about_while_it_can_be()
    {
        _upstream.Answer = target => Task.FromResult(State(target, "Cluster", "t1", "Failed", phase: "Cancel"));

        await CycleAsync();

        Assert.Equal((WorkflowOutcome.Cancelled, 1), (Row.Outcome, Row.TaskFailures.Count));
        Assert.Contains(
            "CoreDNS",
            Assert.Single(Summary().Insights, insight => insight.Code == "TaskFailed").Summary,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_question_keeps_to_the_bound_of_requests_in_flight()
    {
        for (var i = 0; i < 200; i++)
        {
            _store.Put(new TrackedWorkflow { Target = new WorkflowTarget("p1", "c1", $"many{i}"), TrackedAt = Start });
        }

        _upstream.Why = async _ =>
        {
            await Task.Delay(1);
            return Words;
        };

        await CycleAsync();

        Assert.Equal(201, _upstream.Asked.Count);
        Assert.InRange(_upstream.MostInFlight, 1, new PollingOptions().MaxConcurrency);
    }

    private Task<CycleResult> CycleAsync() =>
        _provider.GetRequiredService<PollCycle>().RunAsync(new CycleRequest(DueOnly: false), CancellationToken.None);

    private WorkflowSummary Summary() => WorkflowSummarizer.Summarize(Row, Baseline.Empty, Start, TimeSpan.FromMinutes(1));

    private static WorkflowObservation State(
        WorkflowTarget target,
        string type,
        string? taskId,
        string status,
        string phase = "Pending",
        string more = ""
    ) =>
        WorkflowDocument.Read(
            Encoding.UTF8.GetBytes(
                $$"""
                {"metadata":{"uid":"{{target.WorkflowId}}","creationTimestamp":"2026-01-01 00:00:00 +0000 UTC"},"spec":{"targetVersion":"v1.28.6-r0"},
                 "status":{"phase":"{{phase}}","pointStatuses":[{"taskType":"{{type}}",{{(taskId is null ? "" : $"\"taskID\":\"{taskId}\",")}}"status":"{{status}}","startTimeStamp":"2026-01-01 00:00:0{{(taskId ?? "t1")[
                    1..
                ]}} +0000 UTC"}{{more}}]} }
                """
            )
        );
}
