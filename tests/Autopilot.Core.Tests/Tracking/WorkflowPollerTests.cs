using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Tracking;

public sealed class WorkflowPollerTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryStore _store = new();
    private readonly ScriptedSource _upstream = new();
    private readonly ServiceProvider _provider;

    public WorkflowPollerTests() =>
        _provider = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(new FakeTimeProvider(Start))
            .AddStore(_store)
            .AddSingleton<IBaselineStore>(new BaselineInMemory())
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddAutopilotCore(new ConfigurationBuilder().Build())
            .BuildServiceProvider();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task A_poll_stores_the_state_and_answers_the_fresh_row()
    {
        Track(dueIn: TimeSpan.FromMinutes(5));

        var row = await PollAsync();

        Assert.Equal((1, Start), (row!.Sequence, row.ObservedAt));
        Assert.Single(_store.HistoryOf("w1"));
    }

    [Fact]
    public async Task One_that_ended_before_a_person_named_it_is_recorded_as_not_seen_live()
    {
        Track();
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Success"));

        var row = await PollAsync();

        Assert.Equal((false, true), (row!.SeenLive, row.IsFinished));
        Assert.False(Assert.Single(_store.Runs).SeenLive);
        var summary = WorkflowSummarizer.Summarize(row, Baseline.Empty, Start, TimeSpan.FromMinutes(1));
        Assert.Contains(summary.Insights, insight => insight.Code == "NotSeenLive");
    }

    [Fact]
    public async Task Concurrent_requests_for_one_workflow_share_one_read()
    {
        Track();
        var limiter = new TaskCompletionSource();
        _upstream.Answer = async target =>
        {
            await limiter.Task;
            return ScriptedSource.Document(target, "Running");
        };
        var requests = Enumerable.Range(0, 16).Select(_ => PollAsync()).ToList();
        limiter.SetResult();

        var rows = await Task.WhenAll(requests);

        Assert.Single(_upstream.Read);
        Assert.All(rows, r => Assert.Equal(1, r!.Sequence));
    }

    [Fact]
    public async Task A_cancelled_request_does_not_cancel_the_others()
    {
        Track();
        var limiter = new TaskCompletionSource();
        _upstream.Answer = async target =>
        {
            await limiter.Task;
            return ScriptedSource.Document(target, "Running");
        };
        using var leaving = new CancellationTokenSource();
        var left = _provider.GetRequiredService<WorkflowPoller>().PollAsync("w1", leaving.Token);
        var stays = PollAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        limiter.SetResult();

        Assert.Equal(1, (await stays)!.Sequence);
    }

    [Fact]
    public async Task A_failed_poll_is_recorded_and_thrown()
    {
        Track();
        _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.Unavailable, "no answer");

        var thrown = await Assert.ThrowsAsync<UpstreamException>(PollAsync);

        Assert.Equal(UpstreamFailure.Unavailable, thrown.Failure);
        Assert.Equal(1, _store["w1"].Failure!.Count);
    }

    [Fact]
    public async Task A_404_is_recorded_in_the_row()
    {
        Track();
        _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.NotFound, "unknown");

        var row = await PollAsync();

        Assert.Equal(UpstreamFailure.NotFound, row!.Failure!.Kind);
    }

    [Theory]
    [InlineData(UpstreamFailure.Rejected)]
    [InlineData(UpstreamFailure.Throttled)]
    public async Task What_is_not_the_workflows_fault_leaves_its_row_alone(UpstreamFailure failure)
    {
        Track();
        _upstream.Answer = _ => throw new UpstreamException(failure, "no");

        await Assert.ThrowsAsync<UpstreamException>(PollAsync);

        Assert.Null(_store["w1"].Failure);
    }

    [Fact]
    public async Task A_finished_workflow_is_answered_without_a_read()
    {
        _store.Put(
            new TrackedWorkflow
            {
                Target = new WorkflowTarget("p1", "c1", "w1"),
                Outcome = WorkflowOutcome.Succeeded,
                EndedAt = Start,
            }
        );

        Assert.Equal(WorkflowOutcome.Succeeded, (await PollAsync())!.Outcome);
        Assert.Empty(_upstream.Read);
    }

    [Fact]
    public async Task An_unknown_workflow_is_null()
    {
        Assert.Null(await PollAsync());
    }

    [Fact]
    public async Task A_poll_that_another_writer_overtook_reads_again()
    {
        Track();
        var answers = new Queue<string>(["old", "new"]);
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running", answers.Dequeue()));
        _store.BeforeWrite = _ =>
        {
            _store.BeforeWrite = null;
            var between = ScriptedSource.Document(_store["w1"].Target, "Running", "between");
            _store.Put(_store["w1"] with { Sequence = 1, Hash = between.Hash, State = between.State });
        };

        var row = await PollAsync();

        Assert.Equal((2, "new"), (row!.Sequence, row.State!.Tasks[0].TaskId));
    }

    [Fact]
    public async Task A_terminal_answer_finishes_the_workflow()
    {
        Track();
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Success"));

        Assert.Equal(WorkflowOutcome.Succeeded, (await PollAsync())!.Outcome);
        Assert.Single(_store.Runs);
    }

    private void Track(TimeSpan dueIn = default) =>
        _store.Put(
            new TrackedWorkflow
            {
                Target = new WorkflowTarget("p1", "c1", "w1"),
                TrackedAt = Start,
                NextPollAt = Start + dueIn,
            }
        );

    private Task<TrackedWorkflow?> PollAsync() => _provider.GetRequiredService<WorkflowPoller>().PollAsync("w1", CancellationToken.None);
}
