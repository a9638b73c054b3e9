using Autopilot.Api;
using Autopilot.Cce;
using Autopilot.Core;
using Autopilot.Notifications;
using Autopilot.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Hosting;

/// <summary>The libraries behind both hosts.</summary>
public static class AutopilotServices
{
    /// <summary>
    /// Adds the domain, the client of CCE, storage, notifications and the HTTP API. It also adds what is logged at start: the version,
    /// notes on the schedules and on settings that nothing reads. A host adds its triggers.
    /// </summary>
    public static IServiceCollection AddAutopilot(this IServiceCollection services, IConfiguration configuration) =>
        services
            .AddHostedService<VersionNotice>()
            .AddAutopilotCore(configuration)
            .AddAutopilotCce(configuration)
            .AddAutopilotStorage(configuration)
            .AddAutopilotNotifications(configuration)
            .AddAutopilotApi(configuration)
            .AddHostedService<ScheduleNotice>()
            .AddHostedService<SettingNotice>();
}
