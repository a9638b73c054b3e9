using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Tests;

/// <summary>
/// The function app's functions behind a real server. It does the platform's and the worker's part as far as the pipeline can notice it:
/// picks the
/// function by name, gives the request the app's services, and routes it by rules of its own beforehand.
/// </summary>
internal sealed class FunctionsOnLoopback : IAsyncDisposable
{
    private readonly WebApplication _platform;
    private readonly IHost _head;

    private FunctionsOnLoopback(WebApplication platform, IHost host)
    {
        _platform = platform;
        _head = host;
    }

    public Uri Address => new(_platform.Urls.Single());

    public static async Task<FunctionsOnLoopback> StartAsync(IHost host)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var platform = builder.Build();
        platform.Run(context =>
        {
            if (PlatformRoutes.FirstByName(context.Request.Method, context.Request.Path) is not { } function)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            RouteAsTheWorkerDoes(context, function.Name);
            context.Features.Set<IServiceProvidersFeature>(
                new RequestServicesFeature(context, host.Services.GetRequiredService<IServiceScopeFactory>())
            );
            return function.CallAsync(context);
        });
        await platform.StartAsync(TestContext.Current.CancellationToken);
        return new FunctionsOnLoopback(platform, host);
    }

    /// <summary>Leaves behind what the worker's routing leaves behind: an endpoint, and the values of its own catch-all.</summary>
    public static void RouteAsTheWorkerDoes(HttpContext context, string function)
    {
        context.SetEndpoint(
            new Endpoint(
                _ => throw new InvalidOperationException("The worker's own endpoint was called."),
                EndpointMetadataCollection.Empty,
                function
            )
        );
        context.Request.RouteValues = new() { ["path"] = context.Request.Path.Value, ["workflowId"] = "the-workers" };
    }

    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        _head.Dispose();
    }
}
