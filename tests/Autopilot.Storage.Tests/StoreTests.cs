using System.Security.Cryptography;
using System.Text;
using Autopilot.Core.Listing;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Settings;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;

namespace Autopilot.Storage.Tests;

/// <summary>What the tests of the store share: stores over tables of their own, and workflows to put in.</summary>
public abstract class StoreTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly List<ServiceProvider> _providers = [];

    protected static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Lists over the tables, with what is normal known already: it is read once in a while, and by no list of its own.</summary>
    protected async Task<WorkflowLister> NewListerAsync(FaultyTransport? transport = null, TimeProvider? clock = null)
    {
        var services = NewServices(transport);
        var baselines = new BaselineCache(
            services.GetRequiredService<IBaselineStore>(),
            TimeProvider.System,
            NullLogger<BaselineCache>.Instance
        );
        await baselines.CurrentAsync(Cancel);
        transport?.Forget();
        return new WorkflowLister(services.GetRequiredService<IWorkflowListStore>(), baselines, clock ?? TimeProvider.System);
    }

    /// <summary>Unique per test.</summary>
    protected string Prefix { get; } = "T" + Guid.NewGuid().ToString("N")[..12];

    protected AzuriteFixture Azurite => azurite;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected TableClient WorkflowsTable => new(azurite.Server.ConnectionString, Prefix + "Workflows");

    protected TableClient RunsTable => new(azurite.Server.ConnectionString, Prefix + "Runs");

    /// <summary>A store as a process of its own would have it.</summary>
    private protected TableWorkflowStore NewStore(FaultyTransport? transport = null) =>
        NewServices(transport).GetRequiredService<TableWorkflowStore>();

    protected ServiceProvider NewServices(FaultyTransport? transport = null, string? connectionString = null, FakeLogCollector? logs = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["AutopilotStorage"] = connectionString ?? azurite.Server.ConnectionString,
                    ["Storage:TablePrefix"] = Prefix,
                }
            )
            .Build();
        var services = new ServiceCollection().AddLogging().AddAutopilotStorage(configuration);
        if (logs is not null)
        {
            services.AddSingleton<ILoggerProvider>(new FakeLoggerProvider(logs));
        }
        if (transport is not null)
        {
            services.PostConfigure<StorageOptions>(o => o.ConfigureClient = client => client.Transport = transport);
        }
        var provider = services.BuildServiceProvider();
        _providers.Add(provider);
        return provider;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }
        await WorkflowsTable.DeleteAsync(CancellationToken.None);
        await RunsTable.DeleteAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    /// <summary>The first <paramref name="count"/> ids that fall into a shard.</summary>
    protected static IReadOnlyList<string> IdsIn(Shard shard, int count) =>
        [.. Enumerable.Range(0, int.MaxValue).Select(i => $"wf-{i:d6}").Where(id => Shard.Of(id) == shard).Take(count)];

    protected static WorkflowTarget Target(string id, string cluster = "cluster-1", string project = "project-1") =>
        new(project, cluster, id);

    private protected static async Task<TrackedWorkflow> TrackAsync(TableWorkflowStore store, string id) =>
        (await store.TrackAsync(Target(id), null, Noon, onlyIfUnknown: false, Cancel)).Workflow;

    /// <summary>Tracks workflows of one shard at once, past the store's public way, which is made for one at a time.</summary>
    private protected async Task<IReadOnlyList<TrackedWorkflow>> SeedAsync(TableWorkflowStore store, Shard shard, IReadOnlyList<string> ids)
    {
        await WorkflowsTable.CreateIfNotExistsAsync(Cancel);
        foreach (var some in ids.Chunk(100))
        {
            await WorkflowsTable.SubmitTransactionAsync(
                some.Select(id => new TableTransactionAction(
                    TableTransactionActionType.Add,
                    WorkflowRow
                        .Whole(
                            new TrackedWorkflow
                            {
                                Target = Target(id),
                                TrackedAt = Noon,
                                NextPollAt = Noon,
                            },
                            RowKeys.Active(id)
                        )
                        .Entity
                )),
                Cancel
            );
        }
        return (await store.ReadShardAsync(shard, Cancel)).Workflows;
    }

    protected static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>What a poll that saw a new state writes.</summary>
    protected static WorkflowWrite Change(
        TrackedWorkflow before,
        string content,
        DateTimeOffset? at = null,
        string phase = "Running",
        byte[]? document = null
    )
    {
        var now = at ?? Noon.AddMinutes(before.Sequence + 1);
        var state = new UpgradeWorkflow
        {
            Id = before.Target.WorkflowId,
            ClusterId = before.Target.ClusterId,
            FromVersion = "v1.28.6-r0",
            TargetVersion = "v1.30.4-r0",
            Phase = WorkflowPhase.From(phase),
            CreatedAt = Noon,
            Tasks =
            [
                new UpgradeTask
                {
                    Type = UpgradeTaskType.PreCheck,
                    TaskId = "task-1",
                    Status = UpgradeTaskStatus.Running,
                    StartedAt = Noon.AddTicks(1234567),
                },
            ],
            Dependencies = [new TaskDependency(UpgradeTaskType.PreCheck, UpgradeTaskType.Cluster)],
        };
        var after = before with
        {
            Sequence = before.Sequence + 1,
            Hash = HashOf(content),
            State = state,
            Runs =
            [
                new TaskAttempt
                {
                    Type = UpgradeTaskType.PreCheck,
                    TaskId = "task-1",
                    Status = UpgradeTaskStatus.Running,
                    StartedAt = Noon.AddTicks(1234567),
                    StatusSince = now,
                    LastSeenAt = now,
                },
            ],
            PhaseSince = now,
            LastChangedAt = now,
            ObservedAt = now,
            NextPollAt = now.AddSeconds(30),
            Failure = null,
            GoneSince = null,
        };
        var entry = new HistoryEntry
        {
            Sequence = after.Sequence,
            ObservedAt = now,
            Phase = state.Phase,
            Assessment = Assessment.Progressing,
            Hash = after.Hash,
            Changes = [new StateChange(UpgradeTaskType.PreCheck, "status", "NotStarted", "Running")],
        };
        return new WorkflowWrite(
            before,
            after,
            new HistoryState(entry, document ?? Encoding.UTF8.GetBytes($$"""{"spec":{},"status":{"content":"{{content}}"} }"""))
        );
    }

    /// <summary>What a poll that saw nothing new writes.</summary>
    protected static WorkflowWrite Unchanged(TrackedWorkflow before, DateTimeOffset at) =>
        new(before, before with { ObservedAt = at, NextPollAt = at.AddSeconds(30), Failure = null, GoneSince = null }, null);

    protected static ShardStatus Board(DateTimeOffset at) =>
        new()
        {
            StartedAt = at,
            CompletedAt = at.AddSeconds(3),
            Active = 3,
            Polled = 2,
            Changed = 1,
            Failed = 1,
            LastError = "none of it matters",
        };

    /// <summary>The whole history, oldest first.</summary>
    private protected static async Task<List<HistoryEntry>> HistoryAsync(TableWorkflowStore store, string id)
    {
        var all = new List<HistoryEntry>();
        string? token = null;
        do
        {
            var page = await store.ReadHistoryAsync(id, null, null, 100, token, Cancel);
            all.AddRange(page.Items);
            token = page.ContinuationToken;
        } while (token is not null);
        all.Reverse();
        return all;
    }

    /// <summary>Guarantee 1: no gap, none twice, the last one current.</summary>
    private protected static async Task AssertHistoryAsync(TableWorkflowStore store, string id, params string[] contents)
    {
        var history = await HistoryAsync(store, id);
        Assert.Equal(contents.Select(HashOf), history.Select(h => h.Hash));
        Assert.Equal(Enumerable.Range(1, contents.Length).Select(i => (long)i), history.Select(h => h.Sequence));
        var row = await store.FindAsync(id, Cancel);
        Assert.Equal(contents.Length, row!.Sequence);
        Assert.Equal(contents.Length == 0 ? null : HashOf(contents[^1]), row.Hash);
    }
}
