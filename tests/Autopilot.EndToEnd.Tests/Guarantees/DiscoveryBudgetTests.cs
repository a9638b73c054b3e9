using System.Text;
using Autopilot.Core;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.Storage;
using Autopilot.Storage.Settings;
using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Guarantees;

/// <summary>
/// Discovery's own budget: over K clusters with N new workflows, a scan makes K GETs, no read and at most 16 + K/100
/// writes, and for each new workflow at most 5 reads, 3 writes and 1 GET.
/// </summary>
public sealed class DiscoveryBudgetTests(AzuriteFixture azurite, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly OperationCount _operations = new();
    private readonly Lists _upstream = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private ServiceProvider _services = null!;

    public ValueTask InitializeAsync()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["AutopilotStorage"] = azurite.Server.ConnectionString,
                    ["Storage:TablePrefix"] = $"T{Guid.NewGuid():N}"[..20],
                }
            )
            .Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddSingleton<IClusterSource>(_upstream)
            .AddAutopilotCore(configuration)
            .AddAutopilotStorage(configuration)
            .PostConfigure<StorageOptions>(options =>
                options.ConfigureClient = client => client.AddPolicy(_operations, HttpPipelinePosition.PerRetry)
            )
            .BuildServiceProvider();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(100, 0)]
    [InlineData(100, 7)]
    [InlineData(400, 0)]
    public async Task A_scan_over_clusters_pays_by_the_batch(int clusters, int found)
    {
        var cycle = _services.GetRequiredService<PollCycle>();
        var store = _services.GetRequiredService<IClusterStore>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, clusters),
            async (i, token) =>
                await store.TrackClusterAsync(
                    new TrackedCluster
                    {
                        ProjectId = "p",
                        ClusterId = $"c{i}",
                        TrackedAt = Start,
                        NextDiscoveryAt = Start,
                    },
                    onlyIfUnknown: false,
                    token
                )
        );
        // Each lists two that have ended: known from the second pass on.
        await PassAsync();

        _upstream.Running = Enumerable.Range(0, found).Select(i => $"c{i}").ToHashSet();
        _operations.Reset();
        _upstream.Asked = 0;
        var (cycles, discovered, scans) = await PassAsync();

        // What the cycles make without any cluster: 16 reads each, and a status for each shard.
        var (reads, writes) = (_operations.Reads - 16 * cycles, _operations.Writes - 16 * cycles);
        output.WriteLine(
            $"K={clusters} found={found}: {scans} looks in {cycles} cycles, {reads} reads, {writes} writes, {_upstream.Asked} GETs"
        );
        Assert.Equal((clusters, found), (scans, discovered));
        Assert.InRange(reads, 0, 5 * found);
        // A workflow that was found is polled by the cycles that follow, at their own cost.
        Assert.InRange(writes, 0, 16 + clusters / 100 + 3 * found);
        Assert.InRange(_upstream.Asked, clusters, clusters + found * cycles);

        async Task<(int Cycles, int Discovered, int Looks)> PassAsync()
        {
            var (cycles, discovered, scans) = (0, 0, 0);
            for (; cycles < 5; cycles++, _clock.Advance(TimeSpan.FromMinutes(1)))
            {
                var result = await cycle.RunAsync(new CycleRequest(DueOnly: true), TestContext.Current.CancellationToken);
                Assert.True(result.Complete, string.Join(" ", result.Errors));
                discovered += result.Discovered;
                scans += result.Clusters;
            }

            return (cycles, discovered, scans);
        }
    }

    private sealed class Lists : IUpgradeWorkflowSource, IClusterSource
    {
        private int _asked;

        public int Asked
        {
            get => _asked;
            set => _asked = value;
        }

        public HashSet<string> Running { get; set; } = [];

        public UpstreamStatus Status => new(null, null, null);

        public Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Task.FromResult(Document(target.WorkflowId, "Running"));
        }

        public Task<IReadOnlyList<WorkflowObservation>> ListAsync(string projectId, string clusterId, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Task.FromResult<IReadOnlyList<WorkflowObservation>>([
                Document($"{clusterId}-1", "Success"),
                Document($"{clusterId}-2", "Cancel"),
                .. Running.Contains(clusterId) ? [Document($"{clusterId}-3", "Running")] : (WorkflowObservation[])[],
            ]);
        }

        public Task<ListedCluster> ShowClusterAsync(string projectId, string clusterId, CancellationToken cancellationToken) =>
            Task.FromResult(new ListedCluster(clusterId, "name"));

        public Task<IReadOnlyList<ListedCluster>> ListClustersAsync(string projectId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<FailureReport?> ReadFailureAsync(
            WorkflowTarget target,
            UpgradeTaskType type,
            string taskId,
            CancellationToken cancellationToken
        ) => Task.FromResult<FailureReport?>(null);

        private static WorkflowObservation Document(string id, string phase) =>
            WorkflowDocument.Read(
                Encoding.UTF8.GetBytes(
                    $$"""{"metadata":{"uid":"{{id}}"},"spec":{"targetVersion":"v1.28"},"status":{"phase":"{{phase}}"} }"""
                )
            );
    }
}
