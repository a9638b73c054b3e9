using Autopilot.Core.Concurrency;

namespace Autopilot.Core.Tests.Tracking;

public sealed class SharedRunsTests
{
    private readonly SingleFlight<string, int> _runs = new();

    [Fact]
    public async Task A_run_without_callers_is_not_joined()
    {
        var first = new Operation();
        var left = await LeaveAsync(first);

        Assert.Equal(2, await _runs.RunAsync("k", _ => Task.FromResult(2), CancellationToken.None));

        // It ends for the one who left only when it has written what it has read.
        Assert.False(left.IsCompleted);
        first.Result.SetResult(1);
        Assert.Equal(1, await left);
    }

    [Fact]
    public async Task A_run_that_ends_late_does_not_end_the_sharing_of_its_successor()
    {
        var first = new Operation();
        var left = await LeaveAsync(first);
        var second = new Operation();
        var stays = _runs.RunAsync("k", second.RunAsync, CancellationToken.None);
        first.Result.SetResult(1);
        await left;

        var joins = _runs.RunAsync("k", _ => Task.FromResult(3), CancellationToken.None);
        second.Result.SetResult(2);

        Assert.Equal((2, 2), (await stays, await joins));
    }

    /// <summary>Starts a run and leaves it as its only caller.</summary>
    private async Task<Task<int>> LeaveAsync(Operation operation)
    {
        using var leaving = new CancellationTokenSource();
        var left = _runs.RunAsync("k", operation.RunAsync, leaving.Token);
        await leaving.CancelAsync();
        await operation.Left.Task;
        return left;
    }

    private sealed class Operation
    {
        public TaskCompletionSource<int> Result { get; } = new();

        /// <summary>Done when it is cancelled because no caller waits for it any more.</summary>
        public TaskCompletionSource Left { get; } = new();

        public async Task<int> RunAsync(CancellationToken ending)
        {
            await using var _ = ending.Register(() => Left.TrySetResult());
            return await Result.Task;
        }
    }
}
