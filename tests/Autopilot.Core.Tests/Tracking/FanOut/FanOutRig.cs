using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Tracking.FanOut;

/// <summary>Processes that share a store, a queue and a clock, and nothing else.</summary>
internal sealed class FanOutRig : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<ServiceProvider> _providers = [];

    public MemoryStore Store { get; } = new();

    public MemoryQueue Queue { get; } = new();

    public FakeTimeProvider Clock { get; } = new(Start);

    /// <summary>A process of its own; with its own upstream, where it is given one.</summary>
    public PollingProcess NewProcess(ScriptedSource? upstream = null, Dictionary<string, string?>? settings = null)
    {
        upstream ??= new ScriptedSource();
        settings ??= [];
        settings.TryAdd("Polling:FanOut", "Queue");
        var provider = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Clock)
            .AddStore(Store)
            .AddSingleton<IShardQueue>(Queue)
            .AddSingleton<IBaselineStore>(new BaselineInMemory())
            .AddSingleton<IUpgradeWorkflowSource>(upstream)
            .AddAutopilotCore(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
        _providers.Add(provider);
        return new PollingProcess(provider, upstream);
    }

    /// <summary>Tracks workflows of one shard, due at once; answers the shard.</summary>
    public Shard Track(int count = 1, Shard? shard = null)
    {
        var into = shard ?? Shard.All[3];
        foreach (var id in IdsIn(into).Take(count))
        {
            Store.Put(
                new TrackedWorkflow
                {
                    Target = new WorkflowTarget("p1", "c1", id),
                    TrackedAt = Start,
                    NextPollAt = Start,
                }
            );
        }

        return into;
    }

    public static IEnumerable<string> IdsIn(Shard shard) =>
        Enumerable.Range(0, int.MaxValue).Select(i => $"w{i}").Where(id => Shard.Of(id) == shard);

    /// <summary>The message that a dispatch at this moment sends.</summary>
    public string Message(Shard shard) => new ShardMessage(shard, Clock.GetUtcNow(), Clock.GetUtcNow().AddMinutes(1)).ToText();

    public ShardStatus? Board(Shard shard) => Store.Boards[shard.Index];

    public void Dispose() => _providers.ForEach(p => p.Dispose());
}

/// <summary>One of them.</summary>
internal sealed record PollingProcess(ServiceProvider Services, ScriptedSource Upstream)
{
    public Task<DispatchResult> DispatchAsync() => Services.GetRequiredService<ShardDispatch>().RunAsync(CancellationToken.None);

    public Task<ShardOutcome> WorkOffAsync(string? text, CancellationToken cancellationToken = default) =>
        Services.GetRequiredService<ShardWorker>().ProcessAsync(text, cancellationToken);

    public Task<CycleResult> CycleAsync() =>
        Services.GetRequiredService<PollCycle>().RunAsync(new CycleRequest(DueOnly: false), CancellationToken.None);

    public Task TickAsync() => Services.GetRequiredService<PollTick>()(CancellationToken.None);

    /// <summary>Every read hangs from now on until it is let go of or cancelled; answers what ends with the first of them.</summary>
    public (Task Asked, TaskCompletionSource LetGo) Hang()
    {
        var (asked, letGo) = (
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        );
        Upstream.Answer = async target =>
        {
            asked.TrySetResult();
            await letGo.Task;
            return ScriptedSource.Document(target, "Running");
        };
        return (asked.Task, letGo);
    }
}
