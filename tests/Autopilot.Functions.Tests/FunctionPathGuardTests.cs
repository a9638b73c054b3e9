using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;

namespace Autopilot.Functions.Tests;

/// <summary>Whatever path the platform's host believes that a request has, a function serves none that needs another key.</summary>
public sealed class FunctionPathGuardTests
{
    [Theory]
    [InlineData("GET", "/api/workflows")]
    [InlineData("GET", "/api/healthy")]
    [InlineData("GET", "/api/health-check/live")]
    [InlineData("POST", "/api/mcp")]
    public async Task Health_needs_no_key_and_serves_nothing_else(string method, string path) =>
        Assert.Equal((StatusCodes.Status404NotFound, 0), await AskAsync(nameof(Health), method, path));

    [Theory]
    [InlineData("GET", "/api/workflows")]
    [InlineData("DELETE", "/api/workflows/1")]
    [InlineData("POST", "/api/mcp/more")]
    [InlineData("GET", "/api/health/live")]
    public async Task The_assistants_key_opens_nothing_else(string method, string path) =>
        Assert.Equal((StatusCodes.Status404NotFound, 0), await AskAsync(nameof(Mcp), method, path));

    [Theory]
    [InlineData(nameof(Poll), "POST", "/api/mcp")]
    [InlineData(nameof(Poll), "POST", "/API/MCP/")]
    [InlineData(nameof(Query), "GET", "/api/mcp")]
    [InlineData(nameof(Track), "DELETE", "/api/mcp")]
    public async Task No_other_key_opens_what_belongs_to_assistants(string function, string method, string path) =>
        Assert.Equal((StatusCodes.Status404NotFound, 0), await AskAsync(function, method, path));

    [Theory]
    [InlineData(nameof(Health), "GET", "/api/health/live", 200)]
    [InlineData(nameof(Health), "HEAD", "/API/Health/live", 200)]
    [InlineData(nameof(Mcp), "GET", "/api/mcp", 405)]
    [InlineData(nameof(Mcp), "DELETE", "/api/mcp/", 405)]
    [InlineData(nameof(Track), "PUT", "/api/health/live", 405)]
    public async Task Its_own_routes_are_answered_by_the_pipeline(string function, string method, string path, int status) =>
        Assert.Equal(status, (await AskAsync(function, method, path)).Status);

    private static async Task<(int Status, long Length)> AskAsync(string function, string method, string path)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(HostSettings.Enough);
        using var host = builder.AddAutopilot().Build();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext
        {
            RequestServices = host.Services,
            Request = { Method = method, Path = path },
            Response = { Body = body },
        };

        await DeclaredFunction.All.Single(one => one.Name == function).CallAsync(context);

        return (context.Response.StatusCode, body.Length);
    }
}
