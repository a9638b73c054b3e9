using Autopilot.Pages.Fleet;
using Autopilot.Pages.Responses;
using Autopilot.Pages.Upgrades;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Pages;

/// <summary>The services behind the pages.</summary>
public static class PageServices
{
    /// <summary>Adds what <see cref="PageEndpoints.MapAutopilotPages"/> needs besides the services of the API.</summary>
    public static IServiceCollection AddAutopilotPages(this IServiceCollection services)
    {
        services.AddSingleton<FleetCopies>();
        services.AddSingleton<FleetPage>();
        services.AddSingleton<UpgradePage>();
        services.AddSingleton<PageRenderer>();
        return services;
    }
}
