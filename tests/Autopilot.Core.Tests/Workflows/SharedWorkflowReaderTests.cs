using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>One read of a row for all that ask about it within five seconds.</summary>
public sealed class SharedWorkflowReaderTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
    private readonly HeldRows _rows = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_share_a_read_under_way_and_its_row_for_five_seconds()
    {
        var reader = new SharedWorkflowReader(_rows, _clock);
        var asked = Enumerable.Range(0, 20).Select(_ => reader.FindAsync("w1", Cancel)).ToList();
        _rows.Release();
        var reads = await Task.WhenAll(asked);
        _clock.Advance(SharedWorkflowReader.KeptFor - TimeSpan.FromTicks(1));
        var later = await reader.FindAsync("w1", Cancel);

        Assert.Equal(1, _rows.Reads);
        Assert.All(reads, read => Assert.Same(later, read));

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.NotSame(later, await reader.FindAsync("w1", Cancel));
        Assert.Equal(2, _rows.Reads);
    }

    [Fact]
    public async Task The_time_counts_from_the_beginning_of_the_read()
    {
        var reader = new SharedWorkflowReader(_rows, _clock);
        var asked = reader.FindAsync("w1", Cancel);
        await _rows.Begun;
        _clock.Advance(TimeSpan.FromSeconds(4));
        _rows.Release();
        await asked;
        _clock.Advance(TimeSpan.FromSeconds(1));

        await reader.FindAsync("w1", Cancel);

        Assert.Equal(2, _rows.Reads);
    }

    [Fact]
    public async Task Rows_of_different_workflows_and_unknown_ones_are_not_shared()
    {
        _rows.Release();
        var reader = new SharedWorkflowReader(_rows, _clock);
        Assert.Equal("w1", (await reader.FindAsync("w1", Cancel)).Workflow?.Target.WorkflowId);
        Assert.Equal("w2", (await reader.FindAsync("w2", Cancel)).Workflow?.Target.WorkflowId);
        Assert.Null((await reader.FindAsync("unknown", Cancel)).Workflow);
        Assert.Null((await reader.FindAsync("unknown", Cancel)).Workflow);

        Assert.Equal(4, _rows.Reads);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        _rows.Release();
        _rows.Failure = new StorageUnavailableException("Down.");
        var reader = new SharedWorkflowReader(_rows, _clock);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => reader.FindAsync("w1", Cancel));
        _rows.Failure = null;

        Assert.NotNull((await reader.FindAsync("w1", Cancel)).Workflow);
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_end_the_read_of_the_others()
    {
        using var leaving = new CancellationTokenSource();
        var reader = new SharedWorkflowReader(_rows, _clock);
        var first = reader.FindAsync("w1", leaving.Token);
        var second = reader.FindAsync("w1", Cancel);
        await _rows.Begun;
        await leaving.CancelAsync();
        _rows.Release();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.NotNull((await second).Workflow);
        Assert.Equal(1, _rows.Reads);
    }

    [Fact]
    public async Task What_is_kept_has_a_limit_and_reading_goes_on()
    {
        _rows.Release();
        var reader = new SharedWorkflowReader(_rows, _clock);
        for (var i = 0; i < 2500; i++)
        {
            Assert.NotNull((await reader.FindAsync($"w{i}", Cancel)).Workflow);
        }

        Assert.Equal(2500, _rows.Reads);
    }

    private sealed class HeldRows : IWorkflowReader
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _reads;

        public int Reads => _reads;

        public Exception? Failure { get; set; }

        public Task Begun => _begun.Task;

        public void Release() => _gate.TrySetResult();

        public async Task<TrackedWorkflow?> FindAsync(string workflowId, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            _begun.TrySetResult();
            await _gate.Task.WaitAsync(cancellationToken);
            return Failure is not null ? throw Failure
                : workflowId == "unknown" ? null
                : new TrackedWorkflow { Target = new WorkflowTarget("p1", "c1", workflowId) };
        }
    }
}
