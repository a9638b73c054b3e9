using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using Autopilot.Core;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Functions.Tests;
using Autopilot.Infra.Tests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(ToldMetrics))]

namespace Autopilot.Infra.Tests;

/// <summary>Runs a real poll cycle and writes down every metric that it tells, with tags and their values.</summary>
public sealed class ToldMetrics : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, ConcurrentBag<string>>> _told = new();

    /// <summary>By metric and tag: the values seen.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlySet<string>>> Tags => _told.ToDictionary(
        metric => metric.Key,
        IReadOnlyDictionary<string, IReadOnlySet<string>> (metric) => metric.Value.ToDictionary(tag => tag.Key, IReadOnlySet<string> (tag) => tag.Value.ToHashSet()));

    public async ValueTask InitializeAsync()
    {
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => Listen(instrument, self) };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Write(instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Write(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Write(instrument, tags));
        listener.Start();

        var services = new ServiceCollection();
        services.AddLogging().AddAutopilotCore(new ConfigurationBuilder().Build());
        services.AddSingleton<IWorkflowStore>(new WorkflowsInMemory(new TrackedWorkflow { Target = new WorkflowTarget("project", "cluster", "workflow"), TrackedAt = DateTimeOffset.UtcNow, NextPollAt = DateTimeOffset.MinValue }));
        services.AddSingleton<IBaselineStore>(new BaselineInMemory()).AddSingleton(DispatchProxy.Create<IUpgradeWorkflowSource, Away>());
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<PollCycle>().RunAsync(new CycleRequest(DueOnly: true), CancellationToken.None);
        listener.RecordObservableInstruments();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == TrackingMetrics.MeterName)
            listener.EnableMeasurementEvents(instrument);
    }

    private void Write(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var metric = _told.GetOrAdd(instrument.Name, _ => new());
        foreach (var (tag, value) in tags)
            metric.GetOrAdd(tag, _ => []).Add(value?.ToString() ?? "");
    }

    /// <summary>An upstream that is away: a cycle over it tells all the same.</summary>
    public class Away : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod?.ReturnType == typeof(UpstreamStanding) ? new UpstreamStanding(null, null, null) : throw new UpstreamException(UpstreamFailure.Unavailable, "Upstream is away.");
    }
}
