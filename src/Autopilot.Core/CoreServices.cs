using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Settings;
using Autopilot.Core.Tracking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Autopilot.Core;

/// <summary>The domain's services.</summary>
public static class CoreServices
{
    /// <summary>
    /// Adds tracking with its options (<c>Polling</c>, <c>Tracking</c>, <c>Retention</c>, the schedules), validated at start. Needs an
    /// <see cref="IUpgradeWorkflowSource"/>, an <see cref="IWorkflowStore"/>, an <see cref="IBaselineStore"/> and an <see cref="IRetentionStore"/>, for fan-out also an <see cref="IShardQueue"/> and <see cref="IShardBoards"/>; takes the <see cref="TimeProvider"/> that is registered, or the system's.
    /// </summary>
    public static IServiceCollection AddAutopilotCore(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<PollingOptions>(configuration, PollingOptions.Read);
        services.AddSettings<TrackingOptions>(configuration, TrackingOptions.Read);
        services.AddSettings<ScheduleOptions>(configuration, ScheduleOptions.Read);
        services.AddSettings<RetentionOptions>(configuration, RetentionOptions.Read);
        services.AddSingleton<Cadence>();
        services.AddSingleton<TrackingMetrics>();
        services.AddSingleton<SettingsTargets>();
        services.AddSingleton<UpstreamGate>();
        services.AddSingleton<BaselineKeeper>();
        services.AddSingleton<RetentionPass>();
        services.AddSingleton(provider => new PollingServices(
            provider.GetRequiredService<IWorkflowStore>(), provider.GetRequiredService<UpstreamGate>(), provider.GetRequiredService<BaselineKeeper>(), provider.GetRequiredService<Cadence>(),
            provider.GetRequiredService<IOptions<PollingOptions>>().Value, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<PollCycle>>()));
        services.AddSingleton(provider => new PollCycle(
            provider.GetRequiredService<PollingServices>(), provider.GetRequiredService<SettingsTargets>(), provider.GetRequiredService<ShardLeases>(), provider.GetRequiredService<TrackingMetrics>()));
        services.AddSingleton(provider => new ShardLeases(
            provider.GetRequiredService<IShardBoards>, provider.GetRequiredService<IOptions<PollingOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ShardDispatch(
            provider.GetRequiredService<IShardQueue>(), provider.GetRequiredService<IShardBoards>(), provider.GetRequiredService<PollingServices>(), provider.GetRequiredService<SettingsTargets>(),
            provider.GetRequiredService<TrackingMetrics>()));
        services.AddSingleton(provider => new ShardWorker(provider.GetRequiredService<PollCycle>(), provider.GetRequiredService<PollingServices>(), provider.GetRequiredService<TrackingMetrics>()));
        services.AddSingleton(provider => new PollTick(provider.GetRequiredService<PollCycle>(), provider.GetRequiredService<ShardDispatch>, provider.GetRequiredService<IOptions<PollingOptions>>().Value));
        services.AddSingleton(provider => new WorkflowPoller(provider.GetRequiredService<PollingServices>(), provider.GetRequiredService<TrackingMetrics>()));
        return services;
    }
}
