using Autopilot.Api.Requests;
using Autopilot.Pages.Fleet;
using Autopilot.Pages.Html;
using Autopilot.Pages.Responses;
using Autopilot.Pages.Upgrades;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Pages;

/// <summary>
/// The routes of pages. Each page has two: the page itself, and under <c>/pages</c> the part of it that changes, which its script asks for.
/// </summary>
public static class PageEndpoints
{
    /// <summary>Maps the pages, and their style and script.</summary>
    public static IEndpointRouteBuilder MapAutopilotPages(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var renderer = services.GetRequiredService<PageRenderer>();
        var fleet = services.GetRequiredService<FleetPage>();
        var upgrade = services.GetRequiredService<UpgradePage>();
        Map("/", "/fleet", fleet.MakeAsync);
        Map("/upgrades/{id}", "/upgrades/{id}", upgrade.MakeAsync);
        Map("/upgrades/{id}/history", "/upgrades/{id}/history", upgrade.MakeHistoryAsync);
        Map("/upgrades/{id}/history/{sequence}", "/upgrades/{id}/history/{sequence}", upgrade.MakeStateAsync);
        foreach (var asset in PageAsset.All)
        {
            MapRead(asset.Path, asset.RespondAsync);
        }

        return endpoints;

        void Map(string page, string fragment, Func<HttpContext, CancellationToken, Task<PageContent>> make)
        {
            MapRead(page, context => renderer.RespondAsync(context, $"{PagePaths.Fragments}{fragment}", make));
            MapRead($"{PagePaths.Fragments}{fragment}", context => renderer.RespondWithFragmentAsync(context, make));
        }

        void MapRead(string pattern, RequestDelegate handler) =>
            endpoints.MapMethods(pattern, ReadMethods.All, handler).WithMetadata(PageEndpoint.Instance);
    }
}
