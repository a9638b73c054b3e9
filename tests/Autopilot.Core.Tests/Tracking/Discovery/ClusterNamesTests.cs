using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Tracking.Discovery;

public sealed class ClusterNamesTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Source _source = new();
    private readonly UpstreamConcurrencyLimiter _gate;
    private readonly ClusterNames _names;

    public ClusterNamesTests()
    {
        _gate = new UpstreamConcurrencyLimiter(_source, Options.Create(new PollingOptions()));
        _names = new ClusterNames(_gate, Options.Create(new DiscoveryOptions()), _clock, NullLogger<ClusterNames>.Instance, _source);
    }

    [Fact]
    public async Task Upstream_is_asked_once_for_all_workflows_of_a_cluster()
    {
        _source.Names = _ => Task.FromResult<string?>("shop");
        var named = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => NameAsync(Row($"w{i}"))));
        Assert.All(named, row => Assert.Equal("shop", row.ClusterName));
        Assert.Equal(1, _source.Asked);
        Assert.Equal("shop", (await NameAsync(Row("w21"))).ClusterName);
        Assert.Equal(1, _source.Asked);
    }

    [Fact]
    public async Task What_has_a_name_keeps_it_and_what_discovery_knows_is_not_asked()
    {
        _names.Learn([
            new TrackedCluster
            {
                ProjectId = "p",
                ClusterId = "c1",
                Name = "blue",
            },
            new TrackedCluster { ProjectId = "p", ClusterId = "c2" },
        ]);
        Assert.Equal("mine", (await NameAsync(Row("w1") with { ClusterName = "mine" })).ClusterName);
        Assert.Equal("blue", (await NameAsync(Row("w2"))).ClusterName);
        Assert.Equal(0, _source.Asked);
    }

    [Fact]
    public async Task A_name_that_is_not_returned_is_asked_for_again_after_an_hour()
    {
        _source.Names = _ => throw new UpstreamException(UpstreamFailure.Denied, "Not allowed.");
        Assert.Null((await NameAsync(Row("w1"))).ClusterName);
        _source.Names = _ => Task.FromResult<string?>("shop");
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Null((await NameAsync(Row("w1"))).ClusterName);
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("shop", (await NameAsync(Row("w1"))).ClusterName);
        Assert.Equal(2, _source.Asked);
    }

    [Fact]
    public async Task A_failing_check_stops_no_cycle()
    {
        foreach (
            var failure in new Exception[]
            {
                new UpstreamException(UpstreamFailure.Misconfigured, "Not published."),
                new UpstreamException(UpstreamFailure.Rejected, "Refused."),
                new InvalidOperationException("A defect."),
            }
        )
        {
            _clock.Advance(TimeSpan.FromHours(2));
            _source.Names = _ => throw failure;
            Assert.Null((await NameAsync(Row("w1"))).ClusterName);
        }
    }

    [Fact]
    public async Task A_slow_answer_is_waited_for_five_seconds_and_no_longer()
    {
        _source.Names = async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return null;
        };
        var naming = NameAsync(Row("w1"));
        await Task.WhenAny(naming, _source.Begun.Task.WaitAsync(TestContext.Current.CancellationToken));
        _clock.Advance(ClusterNames.Patience);
        Assert.Null((await naming.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).ClusterName);
    }

    [Fact]
    public async Task A_caller_who_leaves_gets_the_workflow_as_it_is()
    {
        _source.Names = token =>
            Task.Delay(Timeout.InfiniteTimeSpan, token).ContinueWith(_ => (string?)null, TestContext.Current.CancellationToken);
        using var leaving = new CancellationTokenSource();
        var naming = _names.NameAsync(Row("w1"), leaving.Token).AsTask();
        await leaving.CancelAsync();
        Assert.Null((await naming.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).ClusterName);
    }

    [Fact]
    public async Task While_upstream_throttles_it_is_not_asked()
    {
        _source.Status = new UpstreamStatus(null, null, new ThrottleWindow(200, TimeSpan.FromMinutes(5)));
        Assert.Null((await NameAsync(Row("w1"))).ClusterName);
        Assert.Equal(0, _source.Asked);
    }

    public void Dispose() => _gate.Dispose();

    private Task<TrackedWorkflow> NameAsync(TrackedWorkflow row) => _names.NameAsync(row, TestContext.Current.CancellationToken).AsTask();

    private static TrackedWorkflow Row(string id) => new() { Target = new WorkflowTarget("p", "c1", id) };

    private sealed class Source : IUpgradeWorkflowSource, IClusterSource
    {
        private int _asked;

        public Func<CancellationToken, Task<string?>> Names { get; set; } = _ => Task.FromResult<string?>(null);
        public TaskCompletionSource Begun { get; } = new();
        public int Asked => _asked;
        public UpstreamStatus Status { get; set; } = new(null, null, null);

        public async Task<ListedCluster> ShowClusterAsync(string projectId, string clusterId, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            Begun.TrySetResult();
            return new ListedCluster(clusterId, await Names(cancellationToken));
        }

        public Task<IReadOnlyList<ListedCluster>> ListClustersAsync(string projectId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<FailureReport?> ReadFailureAsync(
            WorkflowTarget target,
            UpgradeTaskType type,
            string taskId,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task<IReadOnlyList<WorkflowObservation>> ListAsync(
            string projectId,
            string clusterId,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();
    }
}
