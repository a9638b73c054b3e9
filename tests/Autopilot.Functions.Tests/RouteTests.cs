using Autopilot.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;

namespace Autopilot.Functions.Tests;

/// <summary>
/// Whichever order a platform tries routes in, each route of the API is reached through the one function that says who may call it.
/// </summary>
public sealed class RouteTests
{
    [Fact]
    public async Task Each_route_of_the_api_reaches_the_right_function_under_both_route_orders()
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(HostSettings.Enough);
        using var host = builder.AddAutopilot().Build();
        var api = new Routes(host.Services);
        api.MapAutopilotApi();
        var routes = api
            .DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                endpoint
                    .Metadata.GetMetadata<IHttpMethodMetadata>()!
                    .HttpMethods.Select(method => (Method: method, Path: Example(endpoint.RoutePattern)))
            )
            .ToList();

        Assert.Contains(("GET", "/api/health/ready"), routes);
        Assert.Contains(("POST", "/api/poll"), routes);
        Assert.Contains(("DELETE", "/api/workflows/1"), routes);
        foreach (var (method, path) in routes)
        {
            await ReachesAsync(Expected(method, path), method, path);
        }
    }

    [Theory]
    [InlineData("POST", "/api/mcp", "Mcp")]
    [InlineData("POST", "/api/mcp/", "Mcp")]
    [InlineData("POST", "/API/MCP", "Mcp")]
    [InlineData("POST", "/api/mcp/more", "Poll")]
    [InlineData("GET", "/api/health", "Health")]
    [InlineData("GET", "/api/healthy", "Query")]
    [InlineData("GET", "/api", "Query")]
    [InlineData("GET", "/api/nowhere", "Query")]
    [InlineData("HEAD", "/api/health/live", "Health")]
    [InlineData("GET", "/api/mcp", "Mcp")]
    [InlineData("DELETE", "/api/mcp", "Mcp")]
    [InlineData("OPTIONS", "/api/mcp", "Mcp")]
    [InlineData("PUT", "/api/health/live", "Track")]
    public Task What_is_no_route_yet_reaches_a_function_too_so_that_the_answer_is_ours(string method, string path, string function) =>
        ReachesAsync(function, method, path);

    [Theory]
    [InlineData("PATCH", "/api/workflows/1")]
    [InlineData("OPTIONS", "/api/workflows")]
    [InlineData("GET", "/")]
    [InlineData("POST", "/apis/poll")]
    public async Task What_no_function_takes_is_left_to_the_platform(string method, string path)
    {
        Assert.Null(PlatformRoutes.FirstByName(method, path));
        Assert.Null(await PlatformRoutes.MostSpecificAsync(method, path));
    }

    [Fact]
    public void Only_health_answers_without_a_key() =>
        Assert.Equal(
            ["Health"],
            DeclaredFunction
                .All.Where(function => function.Http?.AuthLevel == AuthorizationLevel.Anonymous)
                .Select(function => function.Name)
        );

    private static async Task ReachesAsync(string expected, string method, string path)
    {
        var level = expected == "Health" ? AuthorizationLevel.Anonymous : AuthorizationLevel.Function;
        var byName = PlatformRoutes.FirstByName(method, path);
        var bySpecificity = await PlatformRoutes.MostSpecificAsync(method, path);

        Assert.Equal($"{method} {path} → {expected}, {level}", $"{method} {path} → {byName?.Name}, {byName?.Http?.AuthLevel}");
        Assert.Equal(
            $"{method} {path} → {expected}, {level}",
            $"{method} {path} → {bySpecificity?.Name}, {bySpecificity?.Http?.AuthLevel}"
        );
    }

    /// <summary>Who may call what, said without looking at the functions.</summary>
    private static string Expected(string method, string path) =>
        (method, path) switch
        {
            ("GET" or "HEAD", _) when path.StartsWith("/api/health/", StringComparison.Ordinal) => "Health",
            (_, "/api/mcp") => "Mcp",
            ("GET" or "HEAD", _) => "Query",
            ("POST", _) => "Poll",
            ("PUT" or "DELETE", _) => "Track",
            _ => "none: the table has no function for this method",
        };

    private static string Example(RoutePattern pattern) =>
        "/"
        + string.Join(
            '/',
            pattern.PathSegments.Select(segment =>
                string.Concat(segment.Parts.Select(part => part is RoutePatternLiteralPart literal ? literal.Content : "1"))
            )
        );

    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
