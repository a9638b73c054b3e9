using System.Text;
using Autopilot.Azurite;
using Autopilot.Core;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.EndToEnd.Tests.Guarantees;

/// <summary>A table service that is away loses nothing and stops nothing for good.</summary>
public sealed class TableServiceFailureTests : IAsyncLifetime
{
    private const int Workflows = 300;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("autopilot-tables-");
    private readonly Upstream _upstream = new();
    private AzuriteServer _azurite = null!;
    private ServiceProvider _services = null!;

    private PollCycle Cycle => _services.GetRequiredService<PollCycle>();

    public async ValueTask InitializeAsync()
    {
        _azurite = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = _data.FullName });
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["AutopilotStorage"] = _azurite.ConnectionString })
            .Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddAutopilotCore(configuration)
            .AddAutopilotStorage(configuration)
            .BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _azurite.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_table_service_that_dies_in_the_middle_of_a_cycle_loses_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        for (var i = 0; i < Workflows; i++)
        {
            await _services
                .GetRequiredService<ITrackingStore>()
                .TrackAsync(new WorkflowTarget("p", "c", $"w{i}"), null, DateTimeOffset.UtcNow, onlyIfUnknown: false, cancellation);
        }

        Assert.Equal(Workflows, (await Cycle.RunAsync(new CycleRequest(DueOnly: false), cancellation)).Changed);

        _upstream.State = "second";
        _upstream.AfterReads = (Workflows / 2, () => _azurite.StopAsync());
        var broken = await Cycle.RunAsync(new CycleRequest(DueOnly: false), cancellation);
        Assert.False(broken.Complete);
        Assert.Contains(broken.Errors, e => e.Contains("could not be written", StringComparison.Ordinal));
        Assert.True(broken.Changed < Workflows);

        await _azurite.ResumeAsync(cancellation);
        var mended = await Cycle.RunAsync(new CycleRequest(DueOnly: false), cancellation);
        Assert.True(mended.Complete);

        for (var i = 0; i < Workflows; i++)
        {
            var history = await _services.GetRequiredService<IHistoryStore>().ReadHistoryAsync($"w{i}", null, null, 10, null, cancellation);
            Assert.Equal([2, 1], history.Items.Select(h => h.Sequence));
        }
    }

    [Fact]
    public async Task A_table_service_that_is_down_at_start_is_reported_and_used_when_it_is_back()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _azurite.StopAsync();

        var down = await Cycle.RunAsync(new CycleRequest(DueOnly: true), cancellation);
        Assert.False(down.Complete);
        Assert.False(down.StoreReached);
        Assert.StartsWith("No shard could be read: ", Assert.Single(down.Errors), StringComparison.Ordinal);

        await _azurite.ResumeAsync(cancellation);
        Assert.True((await Cycle.RunAsync(new CycleRequest(DueOnly: true), cancellation)).Complete);
    }

    private sealed class Upstream : IUpgradeWorkflowSource
    {
        private int _reads;

        public string State { get; set; } = "first";

        public (int Count, Func<Task> Then)? AfterReads { get; set; }

        public UpstreamStatus Status => new(null, null, null);

        public async Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken)
        {
            if (AfterReads is var (count, then) && Interlocked.Increment(ref _reads) == count)
            {
                await then();
            }

            return WorkflowDocument.Read(
                Encoding.UTF8.GetBytes(
                    $$"""
                    {"metadata":{"uid":"{{target.WorkflowId}}"},"spec":{"targetVersion":"v1.28"},"status":{"phase":"Running",
                     "pointStatuses":[{"taskType":"Cluster","taskID":"{{State}}","status":"Running","startTimeStamp":"2026-01-01 00:00:01 +0000 UTC"}]} }
                    """
                )
            );
        }

        public Task<FailureReport?> ReadFailureAsync(
            WorkflowTarget target,
            UpgradeTaskType type,
            string taskId,
            CancellationToken cancellationToken
        ) => Task.FromResult<FailureReport?>(FailureReport.Nothing);

        public Task<IReadOnlyList<WorkflowObservation>> ListAsync(
            string projectId,
            string clusterId,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();
    }
}
