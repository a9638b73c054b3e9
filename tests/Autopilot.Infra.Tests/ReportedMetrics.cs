using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using Autopilot.Core;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Telemetry;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.Functions.Tests;
using Autopilot.Infra.Tests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(ReportedMetrics))]

namespace Autopilot.Infra.Tests;

/// <summary>
/// Runs a real tick, inline and over the queue, and records every metric that each reports, with tags and their values.
/// </summary>
public sealed class ReportedMetrics : IAsyncLifetime
{
    /// <summary>By how polling fans out, metric and tag: the values seen.</summary>
    public Dictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlySet<string>>>> Modes { get; } = [];

    public async ValueTask InitializeAsync()
    {
        foreach (var mode in Enum.GetNames<FanOutMode>())
        {
            Modes[mode] = await TickAsync(mode);
        }
    }

    private static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlySet<string>>>> TickAsync(string mode)
    {
        var reported = new ConcurrentDictionary<string, ConcurrentDictionary<string, ConcurrentBag<string>>>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => Listen(instrument, self) };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Write(reported, instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Write(reported, instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Write(reported, instrument, tags));
        listener.Start();

        var queue = new Queue();
        var services = new ServiceCollection();
        services.AddLogging().AddAutopilotCore(new ConfigurationBuilder().AddInMemoryCollection([new("Polling:FanOut", mode)]).Build());
        services.AddStore(
            new WorkflowsInMemory(
                new TrackedWorkflow
                {
                    Target = new WorkflowTarget("project", "cluster", "workflow"),
                    TrackedAt = DateTimeOffset.UtcNow,
                    NextPollAt = DateTimeOffset.MinValue,
                }
            )
        );
        services.AddSingleton<IBaselineStore>(new BaselineInMemory()).AddSingleton(DispatchProxy.Create<IUpgradeWorkflowSource, Away>());
        services.AddSingleton<IShardQueue>(queue).AddSingleton<IShardStatusStore>(new StatusStore());
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<PollTick>()(CancellationToken.None);
        foreach (var message in queue.Sent)
        {
            await provider.GetRequiredService<ShardWorker>().ProcessAsync(message, CancellationToken.None);
        }

        listener.RecordObservableInstruments();
        return reported.ToDictionary(
            metric => metric.Key,
            IReadOnlyDictionary<string, IReadOnlySet<string>> (metric) =>
                metric.Value.ToDictionary(tag => tag.Key, IReadOnlySet<string> (tag) => tag.Value.ToHashSet())
        );
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == Instrumentation.Name)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private static void Write(
        ConcurrentDictionary<string, ConcurrentDictionary<string, ConcurrentBag<string>>> reported,
        Instrument instrument,
        ReadOnlySpan<KeyValuePair<string, object?>> tags
    )
    {
        var metric = reported.GetOrAdd(instrument.Name, _ => new());
        foreach (var (tag, value) in tags)
        {
            metric.GetOrAdd(tag, _ => []).Add(value?.ToString() ?? "");
        }
    }

    private sealed class Queue : IShardQueue
    {
        public ConcurrentBag<string> Sent { get; } = [];

        public Task SendAsync(ShardMessage message, CancellationToken cancellationToken)
        {
            Sent.Add(message.ToText());
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<ReceivedShard>> ReceiveAsync(int atMost, TimeSpan hiddenFor, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task DeleteAsync(ReceivedShard received, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ReturnAsync(ReceivedShard received, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>Every lease is granted: there is one process.</summary>
    private sealed class StatusStore : IShardStatusStore
    {
        public Task<IReadOnlyList<ShardStatus?>> ReadAllAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task WriteAsync(Shard shard, ShardStatus status, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<ShardPeek> PeekAsync(Shard shard, CancellationToken cancellationToken) =>
            Task.FromResult(new ShardPeek(shard != Shard.Of("workflow"), null));

        public Task<ShardStatus?> TakeLeaseAsync(Shard shard, ShardStatus? status, ShardLease lease, CancellationToken cancellationToken) =>
            Task.FromResult<ShardStatus?>((status ?? new ShardStatus()) with { Lease = lease });
    }

    /// <summary>An upstream that is down: a cycle reports all the same.</summary>
    public class Away : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod?.ReturnType == typeof(UpstreamStatus)
                ? new UpstreamStatus(null, null, null)
                : throw new UpstreamException(UpstreamFailure.Unavailable, "Upstream is away.");
    }
}
