using Autopilot.Core.Tracking;

namespace Autopilot.Server.Scheduling;

/// <summary>The server's own timer, and with the queue its own worker.</summary>
internal static class SchedulerServices
{
    public static IServiceCollection AddPollScheduler(this IServiceCollection services)
    {
        services.AddSingleton<RunCycle>(provider =>
        {
            var tick = provider.GetRequiredService<PollTick>();
            return tick.RunAsync;
        });
        services.AddHostedService<PollScheduler>();
        return services.AddHostedService<ShardReceiver>();
    }
}
