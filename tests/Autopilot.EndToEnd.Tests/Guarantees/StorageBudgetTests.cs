using System.Text;
using System.Text.Json;
using Autopilot.Core;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.Storage;
using Autopilot.Storage.Settings;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Guarantees;

/// <summary>
/// Guarantee 2: a cycle over N workflows makes, if C changed and F finished, at most 16 + N/1000 reads and 48 + N/99 + C/49 + 3·F
/// writes.
/// </summary>
public sealed class StorageBudgetTests(AzuriteFixture azurite, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly OperationCount _operations = new();
    private readonly UpstreamResponses _upstream = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private ServiceProvider _services = null!;

    public ValueTask InitializeAsync()
    {
        _services = Services(client => client.AddPolicy(_operations, HttpPipelinePosition.PerRetry));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private ServiceProvider Services(Action<TableClientOptions> configure)
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
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddAutopilotCore(configuration)
            .AddAutopilotStorage(configuration)
            .PostConfigure<StorageOptions>(options => options.ConfigureClient = configure)
            .BuildServiceProvider();
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(99, 0, 0)]
    [InlineData(99, 1, 0)]
    [InlineData(99, 50, 0)]
    [InlineData(99, 99, 0)]
    [InlineData(100, 0, 0)]
    [InlineData(100, 1, 0)]
    [InlineData(100, 50, 0)]
    [InlineData(100, 100, 0)]
    [InlineData(100, 10, 10)]
    [InlineData(1000, 0, 0)]
    [InlineData(1000, 1, 0)]
    [InlineData(1000, 50, 5)]
    [InlineData(1000, 1000, 0)]
    public async Task A_cycle_pays_by_the_batch(int workflows, int changed, int finished)
    {
        // The tables are made once in a deployment, which is no cost of a cycle.
        await _services.GetRequiredService<StorageProbe>().CheckAsync(TestContext.Current.CancellationToken);
        var cycle = _services.GetRequiredService<PollCycle>();
        await ManyWorkflows.TrackAsync(
            _services.GetRequiredService<ITrackingStore>(),
            new TableClient(
                azurite.ConnectionString,
                _services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix + "Workflows"
            ),
            [.. Enumerable.Range(0, workflows).Select(i => $"w{i}")],
            Start,
            TestContext.Current.CancellationToken
        );
        await cycle.RunAsync(new CycleRequest(DueOnly: true), TestContext.Current.CancellationToken);

        _clock.Advance(TimeSpan.FromMinutes(1));
        _upstream.Changed = Enumerable.Range(0, changed).Select(i => $"w{i}").ToHashSet();
        _upstream.Finished = Enumerable.Range(0, finished).Select(i => $"w{i}").ToHashSet();
        _operations.Reset();
        var result = await cycle.RunAsync(new CycleRequest(DueOnly: true), TestContext.Current.CancellationToken);

        output.WriteLine(
            $"N={workflows} C={changed} F={finished}: {_operations.Reads} reads, {_operations.Writes} writes, {_upstream.Reads} GETs"
        );
        Assert.Equal((workflows, changed, finished, true), (result.Polled, result.Changed, result.Finished, result.Complete));
        Assert.Equal(2 * workflows, _upstream.Reads);
        Assert.True(_operations.Reads <= 16 + workflows / 1000, $"{_operations.Reads} reads");
        // F finished: one transaction belongs to the changed ones; the run and the move are theirs.
        Assert.True(_operations.Writes <= 48 + workflows / 99 + changed / 49 + 3 * finished, $"{_operations.Writes} writes");

        _operations.Reset();
        _upstream.Changed = _upstream.Finished = [];
        _clock.Advance(TimeSpan.FromMinutes(1));
        await cycle.RunAsync(new CycleRequest(DueOnly: true), TestContext.Current.CancellationToken);
        Assert.Equal(3 * workflows - finished, _upstream.Reads);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(10_000)]
    public async Task So_it_does_over_ten_thousand_workflows(int changed)
    {
        const int Workflows = 10_000;
        // One workflow as the real store holds it stands for all of them.
        await _services
            .GetRequiredService<ITrackingStore>()
            .TrackAsync(new WorkflowTarget("p", "c", "w0"), null, Start, onlyIfUnknown: false, TestContext.Current.CancellationToken);
        await _services.GetRequiredService<PollCycle>().RunAsync(new CycleRequest(DueOnly: true), TestContext.Current.CancellationToken);
        using var tables = new HttpClient(
            new EndlessTables(await RowAsync("w0"), Enumerable.Range(0, Workflows).Select(i => $"w{i}").ToLookup(id => Shard.Of(id).Key))
        );
        await using var services = Services(options =>
        {
            options.Transport = new HttpClientTransport(tables);
            options.AddPolicy(_operations, HttpPipelinePosition.PerRetry);
        });

        _clock.Advance(TimeSpan.FromMinutes(1));
        _upstream.Changed = [.. Enumerable.Range(0, changed).Select(i => $"w{i}")];
        // The baseline is looked for once, and not found.
        await services.GetRequiredService<BaselineCache>().CurrentAsync(TestContext.Current.CancellationToken);
        _operations.Reset();
        var result = await services
            .GetRequiredService<PollCycle>()
            .RunAsync(new CycleRequest(DueOnly: true), TestContext.Current.CancellationToken);

        output.WriteLine($"N={Workflows} C={changed}: {_operations.Reads} reads, {_operations.Writes} writes");
        Assert.Equal((Workflows, changed, true), (result.Polled, result.Changed, result.Complete));
        Assert.True(_operations.Reads <= 16 + Workflows / 1000, $"{_operations.Reads} reads");
        Assert.InRange(_operations.Writes, (Workflows - changed) / 99 + changed / 49, 48 + Workflows / 99 + changed / 49);
    }

    /// <summary>The members of an active workflow's row, without its keys.</summary>
    private async Task<string> RowAsync(string id)
    {
        string? row = null;
        var options = new TableClientOptions();
        options.AddPolicy(new Overheard(body => row = body), HttpPipelinePosition.PerCall);
        var table = new TableClient(
            azurite.Server.ConnectionString,
            _services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix + "Workflows",
            options
        );
        await table.GetEntityAsync<TableEntity>(Shard.Of(id).Key, $"a|{id}", cancellationToken: TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(row!);
        return string.Join(
            ',',
            document
                .RootElement.EnumerateObject()
                .Where(member => member.Name is not ("odata.metadata" or "odata.etag" or "PartitionKey" or "RowKey"))
                .Select(member => $"{JsonSerializer.Serialize(member.Name)}:{member.Value.GetRawText()}")
        );
    }

    private sealed class Overheard(Action<string> hear) : HttpPipelineSynchronousPolicy
    {
        public override void OnReceivedResponse(HttpMessage message) => hear(message.Response.Content.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_upstream_says_of_failed_tasks_costs_no_write_of_its_own(bool atOnce)
    {
        const int Workflows = 200;
        var store = _services.GetRequiredService<ITrackingStore>();
        var cycle = _services.GetRequiredService<PollCycle>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Workflows),
            async (i, token) => await store.TrackAsync(new WorkflowTarget("p", "c", $"w{i}"), null, Start, onlyIfUnknown: false, token)
        );
        await cycle.RunAsync(new CycleRequest(DueOnly: true), TestContext.Current.CancellationToken);

        // All fail at once, and upstream says as much of each as there is room for.
        var words = new FailureReport([
            .. Enumerable
                .Range(0, TaskDocument.MaxDetails)
                .Select(i => new FailureDetail { Name = $"item {i}", Message = RandomText(1000) }),
        ]);
        _upstream.Failed = true;
        _upstream.Why = atOnce ? words : null;
        _clock.Advance(TimeSpan.FromMinutes(1));
        _operations.Reset();
        var failed = await cycle.RunAsync(new CycleRequest(DueOnly: true), TestContext.Current.CancellationToken);
        AssertWithin(failed, changed: Workflows);

        _upstream.Why = words;
        _clock.Advance(TimeSpan.FromMinutes(1));
        _operations.Reset();
        AssertWithin(await cycle.RunAsync(new CycleRequest(DueOnly: false), TestContext.Current.CancellationToken), changed: 0);

        Assert.Equal(atOnce ? Workflows : 2 * Workflows, _upstream.Asked);
        var row = await _services.GetRequiredService<IWorkflowReader>().FindAsync("w7", TestContext.Current.CancellationToken);
        Assert.Equal((2, TaskDocument.MaxDetails), (row!.Sequence, Assert.Single(row.TaskFailures).Details.Count));

        void AssertWithin(CycleResult result, int changed)
        {
            output.WriteLine($"changed {changed}: {_operations.Reads} reads, {_operations.Writes} writes");
            Assert.Equal((Workflows, changed, true), (result.Polled, result.Changed, result.Complete));
            Assert.True(_operations.Reads <= 16, $"{_operations.Reads} reads");
            Assert.True(_operations.Writes <= 48 + Workflows / 99 + changed / 49, $"{_operations.Writes} writes");
        }
    }

    [Fact]
    public async Task A_summary_of_an_active_workflow_is_one_point_read_of_a_finished_one_two()
    {
        var store = _services.GetRequiredService<ITrackingStore>();
        var cycle = _services.GetRequiredService<PollCycle>();
        foreach (var id in (string[])["w1", "w2"])
        {
            await store.TrackAsync(
                new WorkflowTarget("p", "c", id),
                null,
                Start,
                onlyIfUnknown: false,
                TestContext.Current.CancellationToken
            );
        }

        _upstream.Finished = ["w2"];
        await cycle.RunAsync(new CycleRequest(DueOnly: true), TestContext.Current.CancellationToken);

        _operations.Reset();
        Assert.False(
            (await _services.GetRequiredService<IWorkflowReader>().FindAsync("w1", TestContext.Current.CancellationToken))!.IsFinished
        );
        Assert.Equal((1, 0), (_operations.Reads, _operations.Writes));

        _operations.Reset();
        Assert.True(
            (await _services.GetRequiredService<IWorkflowReader>().FindAsync("w2", TestContext.Current.CancellationToken))!.IsFinished
        );
        Assert.Equal((2, 0), (_operations.Reads, _operations.Writes));
    }

    private static string RandomText(int length) => new([.. Enumerable.Range(0, length).Select(_ => (char)Random.Shared.Next(' ', '~'))]);

    [Fact]
    public async Task The_baseline_costs_at_most_fourteen_reads_and_a_write_and_nothing_in_between()
    {
        var store = _services.GetRequiredService<ITrackingStore>();
        var cycle = _services.GetRequiredService<PollCycle>();
        foreach (var id in (string[])["w1", "w2", "w3", "w4"])
        {
            await store.TrackAsync(
                new WorkflowTarget("p", "c", id),
                null,
                Start,
                onlyIfUnknown: false,
                TestContext.Current.CancellationToken
            );
        }

        _upstream.Finished = ["w1", "w2", "w3"];
        await cycle.RunAsync(new CycleRequest(DueOnly: false), TestContext.Current.CancellationToken);

        _clock.Advance(TimeSpan.FromHours(1));
        _operations.Reset();
        await cycle.RunAsync(new CycleRequest(DueOnly: false), TestContext.Current.CancellationToken);
        Assert.InRange(_operations.Reads, 16 + 1, 16 + 14);
        Assert.InRange(_operations.Writes, 1, 48 + 1);
        var baseline = await _services.GetRequiredService<BaselineCache>().CurrentAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, baseline.Find(UpgradeTaskType.PreCheck, "v1.28")!.Count);

        _clock.Advance(TimeSpan.FromMinutes(24));
        _operations.Reset();
        await cycle.RunAsync(new CycleRequest(DueOnly: false), TestContext.Current.CancellationToken);
        Assert.Equal(16, _operations.Reads);
    }

    internal sealed class UpstreamResponses : IUpgradeWorkflowSource
    {
        private int _reads,
            _asked;

        public int Reads => _reads;

        public HashSet<string> Changed { get; set; } = [];

        public HashSet<string> Finished { get; set; } = [];

        public UpstreamStatus Status => new(null, null, null);

        public Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            var phase = Finished.Contains(target.WorkflowId) ? "Success" : "Running";
            var task = Changed.Contains(target.WorkflowId) ? "second" : "first";
            return Task.FromResult(
                WorkflowDocument.Read(
                    Encoding.UTF8.GetBytes(
                        $$"""
                        {"metadata":{"uid":"{{target.WorkflowId}}"},"spec":{"targetVersion":"v1.28"},"status":{"phase":"{{phase}}",
                         "pointStatuses":[{"taskType":"PreCheck","taskID":"check","status":"Success","startTimeStamp":"2026-01-01 00:00:00 +0000 UTC","endTimeStamp":"2026-01-01 00:00:01 +0000 UTC"},
                          {"taskType":"Cluster","taskID":"{{task}}","status":"{{(
                            Failed ? "Failed" : "Running"
                        )}}","startTimeStamp":"2026-01-01 00:00:01 +0000 UTC"}]} }
                        """
                    )
                )
            );
        }

        public bool Failed { get; set; }

        public FailureReport? Why { get; set; }

        public int Asked => _asked;

        public Task<FailureReport?> ReadFailureAsync(
            WorkflowTarget target,
            UpgradeTaskType type,
            string taskId,
            CancellationToken cancellationToken
        )
        {
            Interlocked.Increment(ref _asked);
            return Task.FromResult(Why);
        }

        public Task<IReadOnlyList<WorkflowObservation>> ListAsync(
            string projectId,
            string clusterId,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();
    }
}
