using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Tracking;

/// <summary>One poll of one workflow means the same, whether the cycle or a person asks for it.</summary>
public sealed class PollBatchTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryStore _store = new();
    private readonly ScriptedSource _upstream = new();
    private readonly List<ServiceProvider> _providers = [];
    private ServiceProvider _provider;

    public PollBatchTests()
    {
        _provider = Provide([]);
        Track("w1");
    }

    private ServiceProvider Provide(Dictionary<string, string?> settings)
    {
        var provider = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddFakeLogging())
            .AddSingleton<TimeProvider>(new FakeTimeProvider(Start))
            .AddStore(_store)
            .AddSingleton<IBaselineStore>(new BaselineInMemory())
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddAutopilotCore(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
        _providers.Add(provider);
        return provider;
    }

    /// <summary>Who asks for the poll.</summary>
    public enum By
    {
        Cycle,
        Person,
    }

    public void Dispose() => _providers.ForEach(provider => provider.Dispose());

    [Theory]
    [InlineData(By.Cycle)]
    [InlineData(By.Person)]
    public async Task A_state_too_large_to_store_is_recorded_as_a_failure_and_keeps_the_last_good_one(By by)
    {
        await PollAsync(by);
        var good = _store["w1"];
        _store.TooLarge.Add("w1");
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running", "large"));
        var bytes = ScriptedSource.Document(good.Target, "Running", "large").Document.Length;

        var failure = await PollAsync(by);

        Assert.Equal(
            (UpstreamFailure.Invalid, $"A state of {bytes} bytes does not fit into the table; the last good state is kept."),
            (failure!.Kind, failure.Message)
        );
        Assert.Equal((good.Hash, good.Sequence, good.ObservedAt), (_store["w1"].Hash, _store["w1"].Sequence, _store["w1"].ObservedAt));
        Assert.True(_store["w1"].NextPollAt > Start);
        Assert.Single(_store.HistoryOf("w1"));
        Assert.Contains($" {bytes} bytes", Logged("StateTooLarge").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(By.Cycle)]
    [InlineData(By.Person)]
    public async Task An_unexpected_exception_is_the_workflows_failure_and_keeps_the_last_good_state(By by)
    {
        await PollAsync(by);
        var good = _store["w1"];
        _upstream.Answer = _ => throw new InvalidOperationException("a bug");

        var failure = await PollAsync(by);

        Assert.Equal(
            (UpstreamFailure.Invalid, "The answer could not be worked on; the log says more.", 1),
            (failure!.Kind, failure.Message, failure.Count)
        );
        Assert.Equal((good.Hash, good.Sequence), (_store["w1"].Hash, _store["w1"].Sequence));
        Assert.Equal((LogLevel.Error, "a bug"), (Logged("WorkflowReadBroke").Level, Logged("WorkflowReadBroke").Exception!.Message));
    }

    [Theory]
    [InlineData(By.Cycle)]
    [InlineData(By.Person)]
    public async Task A_stored_state_that_cannot_be_assessed_fails_its_own_workflow_only(By by)
    {
        _provider = Provide(
            new() { ["Notifications:Webhooks:0:Url"] = "https://ops.example/secret", ["Notifications:Webhooks:0:Name"] = "ops" }
        );
        var other = Enumerable.Range(2, 1000).Select(i => $"w{i}").First(id => Shard.Of(id) == Shard.Of("w1"));
        Track(other);
        _store.Put(
            _store["w1"] with
            {
                Sequence = 1,
                Hash = "bad",
                ObservedAt = Start,
                State = new UpgradeWorkflow { Phase = WorkflowPhase.Running, Tasks = [null!] },
            }
        );
        _upstream.Answer = target =>
            target.WorkflowId == "w1"
                ? throw new UpstreamException(UpstreamFailure.Unavailable, "503")
                : Task.FromResult(ScriptedSource.Document(target, "Running"));

        var failure = await PollAsync(by);

        Assert.Equal((UpstreamFailure.Unavailable, 1), (failure!.Kind, failure.Count));
        Assert.Equal(("bad", 1), (_store["w1"].Hash, _store["w1"].Sequence));
        Assert.True(_store["w1"].NextPollAt > Start);
        Assert.Equal(LogLevel.Error, Logged("StoredStateNotAssessed").Level);
        if (by is By.Cycle)
        {
            Assert.Equal(1, _store[other].Sequence);
            Assert.DoesNotContain(
                _provider.GetFakeLogCollector().GetSnapshot(),
                record => record.Id.Name is "CycleBroke" or "ShardNotTold"
            );
        }
    }

    [Theory]
    [InlineData(By.Cycle, false, false)]
    [InlineData(By.Cycle, true, false)]
    [InlineData(By.Person, false, false)]
    [InlineData(By.Person, true, false)]
    [InlineData(By.Person, false, true)]
    [InlineData(By.Person, true, true)]
    public async Task A_good_answer_replaces_a_stored_state_that_cannot_be_worked_on(By by, bool attemptsToo, bool standing)
    {
        _provider = Provide(
            new() { ["Notifications:Webhooks:0:Url"] = "https://ops.example/secret", ["Notifications:Webhooks:0:Name"] = "ops" }
        );
        var attempt = new TaskAttempt
        {
            Type = UpgradeTaskType.PreCheck,
            TaskId = "earlier",
            Status = UpgradeTaskStatus.Failed,
            StatusSince = Start,
            LastSeenAt = Start,
        };
        _store.Put(
            _store["w1"] with
            {
                Sequence = 7,
                Hash = "bad",
                ObservedAt = Start,
                State = new UpgradeWorkflow { Phase = WorkflowPhase.Running, Tasks = [null!] },
                Runs = attemptsToo ? [null!] : [attempt],
                LastNotified = standing ? new LastNotified(new NotificationState(Assessment.Blocked, null, null, null), 3) : null,
            }
        );
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running"));

        var failure = await PollAsync(by);

        Assert.Null(failure);
        var row = _store["w1"];
        Assert.Equal((8, WorkflowPhase.Running), (row.Sequence, row.State!.Phase));
        Assert.Equal(attemptsToo ? [] : ["earlier"], row.Runs.Where(run => run.TaskId == "earlier").Select(run => run.TaskId!));
        Assert.Equal(8, Assert.Single(_store.HistoryOf("w1")).Entry.Sequence);
        Assert.Equal(LogLevel.Error, Logged("StateRecordedAgain").Level);
    }

    [Theory]
    [InlineData(By.Cycle)]
    [InlineData(By.Person)]
    public async Task An_unrequested_cancellation_fails_its_workflow_and_stops_no_other(By by)
    {
        Track("w2");
        _upstream.Answer = target =>
            target.WorkflowId == "w1"
                ? throw new TaskCanceledException("a timeout below")
                : Task.FromResult(ScriptedSource.Document(target, "Running"));

        var failure = await PollAsync(by);

        Assert.Equal(UpstreamFailure.Invalid, failure!.Kind);
        if (by is By.Cycle)
        {
            Assert.Equal(1, _store["w2"].Sequence);
        }
    }

    [Theory]
    [InlineData(By.Cycle, UpstreamFailure.Rejected)]
    [InlineData(By.Cycle, UpstreamFailure.Throttled)]
    [InlineData(By.Person, UpstreamFailure.Rejected)]
    [InlineData(By.Person, UpstreamFailure.Throttled)]
    public async Task A_failure_of_the_whole_process_leaves_the_row_as_it_is(By by, UpstreamFailure failure)
    {
        _upstream.Answer = _ => throw new UpstreamException(failure, "no");
        var before = _store["w1"];

        Assert.Null(await PollAsync(by));

        Assert.Same(before, _store["w1"]);
    }

    [Theory]
    [InlineData(By.Cycle)]
    [InlineData(By.Person)]
    public async Task What_ended_but_could_not_be_moved_is_stored_and_left_to_a_later_cycle(By by)
    {
        _store.NotFinishing.Add("w1");
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Success"));

        Assert.Null(await PollAsync(by));

        Assert.Equal(WorkflowOutcome.Succeeded, _store["w1"].Outcome);
        Assert.Same(_store.WhyNotFinishing, Logged("WorkflowNotFinished").Exception);
        _store.NotFinishing.Clear();
        await PollAsync(By.Cycle);
        Assert.Single(_store.Runs);
        Assert.Single(_upstream.Read);
    }

    [Theory]
    [InlineData(By.Cycle)]
    [InlineData(By.Person)]
    public async Task A_failure_that_the_table_refuses_too_ends_the_poll(By by)
    {
        Track("w2");
        _store.Refused.Add("w1");
        _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, "Running"));

        await PollAsync(by);

        Assert.Equal((0, null), (_store["w1"].Sequence, _store["w1"].Failure));
        if (by is By.Cycle)
        {
            Assert.Equal(1, _store["w2"].Sequence);
        }
    }

    [Theory]
    [InlineData(By.Cycle)]
    [InlineData(By.Person)]
    public async Task A_rejection_after_another_write_leaves_what_that_writer_stored(By by)
    {
        _upstream.Answer = target =>
            _upstream.Read.Count == 1
                ? Task.FromResult(ScriptedSource.Document(target, "Running", "ours"))
                : throw new UpstreamException(UpstreamFailure.Rejected, "401");
        _store.BeforeWrite = _ =>
        {
            _store.BeforeWrite = null;
            _store.Put(_store["w1"] with { Sequence = 1, Hash = "theirs" });
        };

        await PollAsync(by);

        Assert.Equal((2, "theirs", null), (_upstream.Read.Count, _store["w1"].Hash, _store["w1"].Failure));
    }

    /// <returns>The failure that the row records after the poll; for a person's poll it is thrown as well.</returns>
    private async Task<PollFailure?> PollAsync(By by)
    {
        if (by is By.Cycle)
        {
            await _provider.GetRequiredService<PollCycle>().RunAsync(new CycleRequest(DueOnly: false), CancellationToken.None);
            return _store["w1"].Failure;
        }

        try
        {
            await _provider.GetRequiredService<WorkflowPoller>().PollAsync("w1", CancellationToken.None);
        }
        catch (UpstreamException exception)
        {
            if (_store["w1"].Failure is { } recorded)
            {
                Assert.Equal((recorded.Kind, recorded.Message), (exception.Failure, exception.Message));
            }

            return _store["w1"].Failure;
        }

        Assert.Null(_store["w1"].Failure);
        return null;
    }

    private void Track(string id) =>
        _store.Put(
            new TrackedWorkflow
            {
                Target = new WorkflowTarget("p1", "c1", id),
                TrackedAt = Start,
                NextPollAt = Start,
            }
        );

    private FakeLogRecord Logged(string eventName) =>
        _provider.GetFakeLogCollector().GetSnapshot().Last(record => record.Id.Name == eventName);
}
