using Autopilot.Pages.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Pages.Tests.Fleet;

public sealed class SharedCopyTests
{
    private readonly FakeTimeProvider _clock = new();
    private int _reads;

    [Fact]
    public async Task Fifty_pages_cost_one_read_in_five_seconds()
    {
        var copy = new SharedCopy<int>(_clock);
        for (var round = 1; round <= 3; round++)
        {
            for (var second = 0; second <= 5; second++)
            {
                var seen = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => copy.GetAsync(ReadAsync, CancellationToken.None)));
                Assert.All(seen, number => Assert.Equal(round, number));
                _clock.Advance(TimeSpan.FromSeconds(second == 5 ? 0.1 : 1));
            }
        }

        Assert.Equal(3, _reads);
    }

    [Fact]
    public async Task A_slow_read_is_joined_however_long_it_takes()
    {
        var copy = new SharedCopy<int>(_clock);
        var gate = new TaskCompletionSource<int>();
        var first = copy.GetAsync(_ => Count(gate.Task), CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var second = copy.GetAsync(_ => Count(gate.Task), CancellationToken.None);
        gate.SetResult(7);
        var seen = await Task.WhenAll(first, second);
        Assert.Equal([7, 7], seen);
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task A_failure_is_shared_and_tried_again_after_five_seconds()
    {
        var copy = new SharedCopy<int>(_clock);
        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                copy.GetAsync(_ => Count(Task.FromException<int>(new InvalidOperationException())), CancellationToken.None)
            );
        }

        Assert.Equal(1, _reads);
        _clock.Advance(TimeSpan.FromSeconds(5.1));
        Assert.Equal(2, await copy.GetAsync(ReadAsync, CancellationToken.None));
    }

    [Fact]
    public async Task A_caller_who_leaves_does_not_end_the_read_of_others()
    {
        var copy = new SharedCopy<int>(_clock);
        var gate = new TaskCompletionSource<int>();
        using var leaving = new CancellationTokenSource();
        var first = copy.GetAsync(token => Count(gate.Task.WaitAsync(token)), leaving.Token);
        var second = copy.GetAsync(_ => Count(gate.Task), CancellationToken.None);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult(3);
        Assert.Equal(3, await second);
    }

    private Task<int> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Interlocked.Increment(ref _reads));

    private Task<int> Count(Task<int> result)
    {
        Interlocked.Increment(ref _reads);
        return result;
    }
}
