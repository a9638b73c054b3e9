using Autopilot.Core.Retention;

namespace Autopilot.Server.Scheduling;

/// <summary>The server's own timers, and with the queue its own worker.</summary>
internal static class SchedulerServices
{
    public static IServiceCollection AddSchedulers(this IServiceCollection services)
    {
        services.AddSingleton<RunRetention>(provider => provider.GetRequiredService<RetentionRun>().RunAsync);
        return services.AddHostedService<PollScheduler>().AddHostedService<RetentionScheduler>().AddHostedService<ShardReceiver>();
    }
}
