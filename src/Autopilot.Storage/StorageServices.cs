using Autopilot.Core.Listing;
using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Settings;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Workflows;
using Autopilot.Storage.FanOut;
using Autopilot.Storage.Settings;
using Autopilot.Storage.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Autopilot.Storage;

/// <summary>Azure Table Storage, and the shards' queue, behind the domain's ports.</summary>
public static class StorageServices
{
    /// <summary>
    /// Adds the store with its options (<c>AutopilotStorage</c>, <c>AzureWebJobsStorage</c>, <c>Storage</c>, <c>PollQueue</c>), validated
    /// at start.
    /// </summary>
    public static IServiceCollection AddAutopilotStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<StorageOptions>(configuration, StorageSettings.Read);
        services.TryAddSingleton(provider => new StorageTables(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value,
            provider.GetRequiredService<Microsoft.Extensions.Logging.ILogger<StorageTables>>()
        ));
        services.TryAddSingleton<TableWorkflowStore>();
        services.TryAddSingleton<IShardReader>(provider => provider.GetRequiredService<TableWorkflowStore>());
        services.TryAddSingleton<IWorkflowReader>(provider => provider.GetRequiredService<TableWorkflowStore>());
        services.TryAddSingleton<IObservationStore>(provider => provider.GetRequiredService<TableWorkflowStore>());
        services.TryAddSingleton<ITrackingStore>(provider => provider.GetRequiredService<TableWorkflowStore>());
        services.TryAddSingleton<IHistoryStore>(provider => provider.GetRequiredService<TableWorkflowStore>());
        services.TryAddSingleton<IWorkflowListStore, TableWorkflowListStore>();
        services.TryAddSingleton<IClusterNameStore, TableClusterNameStore>();
        services.TryAddSingleton<IClusterStore, TableClusterStore>();
        services.TryAddSingleton<IBaselineStore, TableBaselineStore>();
        services.TryAddSingleton<IRunStore, TableRunStore>();
        services.TryAddSingleton<INotificationOutbox, TableNotificationOutbox>();
        services.TryAddSingleton<IRetentionStore, TableRetentionStore>();
        services.TryAddSingleton<IShardStatusStore, TableShardStatusStore>();
        services.TryAddSingleton(provider => new StorageShardQueue(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value,
            provider.GetRequiredService<Microsoft.Extensions.Logging.ILogger<StorageShardQueue>>()
        ));
        services.TryAddSingleton<IShardQueue>(provider => provider.GetRequiredService<StorageShardQueue>());
        services.TryAddSingleton(provider => new StorageProbe(
            provider.GetRequiredService<StorageTables>(),
            provider.GetRequiredService<StorageShardQueue>()
        ));
        return services;
    }
}
