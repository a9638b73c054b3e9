using Autopilot.Core.Retention;
using Autopilot.Core.Tracking;

namespace Autopilot.Server.Scheduling;

/// <summary>The server's own timers.</summary>
internal static class SchedulerServices
{
    public static IServiceCollection AddSchedulers(this IServiceCollection services)
    {
        services.AddSingleton<RunCycle>(provider =>
        {
            var cycle = provider.GetRequiredService<PollCycle>();
            return token => cycle.RunAsync(new CycleRequest(DueOnly: true), token);
        });
        services.AddSingleton<RunRetention>(provider => provider.GetRequiredService<RetentionPass>().RunAsync);
        return services.AddHostedService<PollScheduler>().AddHostedService<RetentionScheduler>();
    }
}
