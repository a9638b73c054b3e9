using Autopilot.Core.Listing;
using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Settings;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Workflows;
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
    /// Adds tracking with its options (<c>Polling</c>, <c>Tracking</c>, <c>Discovery</c>, <c>Retention</c>, <c>Notifications</c>, the
    /// schedules), validated at start. It needs <see cref="IUpgradeWorkflowSource"/>, <see cref="IShardReader"/>,
    /// <see cref="IWorkflowReader"/>, <see cref="IObservationStore"/>, <see cref="ITrackingStore"/>, <see cref="IBaselineStore"/> and
    /// <see cref="IRetentionStore"/>. Fan-out also needs <see cref="IShardQueue"/> and <see cref="IShardStatusStore"/>, notifications
    /// <see cref="INotificationOutbox"/> and <see cref="INotificationSender"/>. Clusters' workflows are discovered where there are
    /// <see cref="IClusterSource"/> and <see cref="IClusterStore"/>. The <see cref="TimeProvider"/> is the registered one, or the system's.
    /// </summary>
    public static IServiceCollection AddAutopilotCore(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<PollingOptions>(configuration, PollingOptions.Read);
        services.AddSettings<TrackingOptions>(configuration, TrackingOptions.Read);
        services.AddSettings<ScheduleOptions>(configuration, ScheduleOptions.Read);
        services.AddSettings<RetentionOptions>(configuration, RetentionOptions.Read);
        services.AddSettings<DiscoveryOptions>(configuration, DiscoveryOptions.Read);
        services.AddSingleton<Cadence>();
        services.AddSingleton<TrackingMetrics>();
        services.AddSingleton<SettingsTargets>();
        services.AddSingleton<UpstreamConcurrencyLimiter>();
        services.AddSingleton(provider => new ClusterNames(
            provider.GetRequiredService<UpstreamConcurrencyLimiter>(),
            provider.GetRequiredService<IOptions<DiscoveryOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ClusterNames>>(),
            provider.GetService<IClusterSource>()
        ));
        services.AddSingleton<BaselineCache>();
        services.AddSingleton<WorkflowLister>();
        services.AddSingleton<ClusterDirectory>();
        services.AddSingleton<SharedWorkflowReader>();
        services.AddSingleton<ChangeLister>();
        services.AddSingleton(provider => new FinishedUpgradeRebuild(
            provider.GetRequiredService<IWorkflowListStore>(),
            provider.GetRequiredService<IRunStore>()
        ));
        services.AddSettings<ConsoleOptions>(configuration, ConsoleOptions.Read);
        services.AddSettings<PublicOptions>(configuration, PublicOptions.Read);
        services.AddSettings<NotificationOptions>(configuration, NotificationOptions.Read);
        services.AddSingleton<TransitionDetector>();
        services.AddSingleton<OutboxSchedule>();
        services.AddSingleton<NotificationMetrics>();
        services.AddSingleton<WebhookBacklog>();
        services.AddSingleton(provider => new WebhookStatusReader(
            provider.GetRequiredService<INotificationOutbox>(),
            provider.GetRequiredService<NotificationDelivery>,
            provider.GetRequiredService<IOptions<NotificationOptions>>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<NotificationTest>();
        services.AddSingleton(provider => new NotificationDelivery(
            provider.GetRequiredService<INotificationOutbox>(),
            provider.GetRequiredService<INotificationSender>(),
            provider.GetRequiredService<IWorkflowReader>(),
            provider.GetRequiredService<OutboxSchedule>(),
            provider.GetRequiredService<IOptions<NotificationOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<NotificationMetrics>(),
            provider.GetRequiredService<ILogger<NotificationDelivery>>(),
            Random.Shared.NextDouble,
            provider.GetRequiredService<WebhookBacklog>()
        ));
        services.AddSingleton<RetentionRun>();
        services.AddSingleton(provider => new PollingServices(
            provider.GetRequiredService<IObservationStore>(),
            provider.GetRequiredService<UpstreamConcurrencyLimiter>(),
            provider.GetRequiredService<BaselineCache>(),
            provider.GetRequiredService<Cadence>(),
            provider.GetRequiredService<TransitionDetector>(),
            provider.GetRequiredService<IOptions<PollingOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PollCycle>>(),
            provider.GetRequiredService<ClusterNames>()
        ));
        services.AddSingleton(provider => new PollCycle(
            provider.GetRequiredService<IShardReader>(),
            provider.GetRequiredService<PollingServices>(),
            DiscoveryOf(provider),
            provider.GetRequiredService<SettingsTargets>(),
            provider.GetRequiredService<ShardLeases>(),
            provider.GetRequiredService<TrackingMetrics>()
        ));
        services.AddSingleton(provider => new ShardLeases(
            provider.GetRequiredService<IShardStatusStore>,
            provider.GetRequiredService<IOptions<PollingOptions>>().Value,
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(provider => new ShardDispatch(
            provider.GetRequiredService<IShardQueue>(),
            provider.GetRequiredService<IShardStatusStore>(),
            provider.GetRequiredService<PollingServices>(),
            provider.GetRequiredService<SettingsTargets>(),
            provider.GetRequiredService<TrackingMetrics>()
        ));
        services.AddSingleton(provider => new ShardWorker(
            provider.GetRequiredService<PollCycle>(),
            provider.GetRequiredService<PollingServices>(),
            provider.GetRequiredService<TrackingMetrics>()
        ));
        services.AddSingleton<PollTick>(provider =>
        {
            if (provider.GetRequiredService<IOptions<PollingOptions>>().Value.FanOut is FanOutMode.Queue)
            {
                return provider.GetRequiredService<ShardDispatch>().RunAsync;
            }

            var cycle = provider.GetRequiredService<PollCycle>();
            return stopping => cycle.RunAsync(new CycleRequest(DueOnly: true), stopping);
        });
        services.AddSingleton(provider => new WorkflowPoller(
            provider.GetRequiredService<IWorkflowReader>(),
            provider.GetRequiredService<PollingServices>(),
            provider.GetRequiredService<TrackingMetrics>()
        ));
        return services;
    }

    /// <summary>Null where clusters can neither be read nor remembered: then there is nothing to discover.</summary>
    private static FleetDiscovery? DiscoveryOf(IServiceProvider provider) =>
        provider.GetService<IClusterStore>() is { } store && provider.GetService<IClusterSource>() is { } source
            ? new FleetDiscovery(
                store,
                provider.GetRequiredService<IWorkflowReader>(),
                provider.GetRequiredService<ITrackingStore>(),
                provider.GetRequiredService<IObservationStore>(),
                source,
                provider.GetRequiredService<UpstreamConcurrencyLimiter>(),
                provider.GetRequiredService<WorkflowPoller>(),
                provider.GetRequiredService<IOptions<DiscoveryOptions>>().Value,
                provider.GetRequiredService<IOptions<PollingOptions>>().Value,
                provider.GetRequiredService<IOptions<RetentionOptions>>().Value,
                provider.GetRequiredService<TrackingMetrics>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<FleetDiscovery>>()
            )
            : null;
}
