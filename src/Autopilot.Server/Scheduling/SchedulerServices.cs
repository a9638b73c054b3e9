using Autopilot.Core.Tracking;

namespace Autopilot.Server.Scheduling;

/// <summary>The server's own timer.</summary>
internal static class SchedulerServices
{
    public static IServiceCollection AddPollScheduler(this IServiceCollection services)
    {
        services.AddSingleton<RunCycle>(provider =>
        {
            var cycle = provider.GetRequiredService<PollCycle>();
            return token => cycle.RunAsync(new CycleRequest(DueOnly: true), token);
        });
        return services.AddHostedService<PollScheduler>();
    }
}
