using Autopilot.Core.Retention;
using Autopilot.Core.Tracking;

namespace Autopilot.Server.Scheduling;

/// <summary>The server's own timers, and with the queue its own worker.</summary>
internal static class SchedulerServices
{
    public static IServiceCollection AddSchedulers(this IServiceCollection services)
    {
        services.AddSingleton<RunCycle>(provider =>
        {
            var tick = provider.GetRequiredService<PollTick>();
            return tick.RunAsync;
        });
        services.AddSingleton<RunRetention>(provider => provider.GetRequiredService<RetentionPass>().RunAsync);
        return services.AddHostedService<PollScheduler>().AddHostedService<RetentionScheduler>().AddHostedService<ShardReceiver>();
    }
}
