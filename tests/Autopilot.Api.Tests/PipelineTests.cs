using System.Text;
using Autopilot.Core;
using Autopilot.Core.Listing;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Tests;

/// <summary>The pipeline in a host that gets contexts from another server.</summary>
public sealed class PipelineTests
{
    [Fact]
    public void The_surface_brings_no_MVC_into_a_process_that_starts() =>
        Assert.DoesNotContain(
            typeof(AutopilotPipeline).Assembly.GetReferencedAssemblies(),
            name => name.Name!.StartsWith("Microsoft.AspNetCore.Mvc", StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("GET", "/api/workflows/a_b", null)]
    [InlineData("GET", "/api/workflows/w1", null)]
    [InlineData("GET", "/api/workflows", null)]
    [InlineData("GET", "/api/nothing", null)]
    [InlineData("PATCH", "/api/workflows", null)]
    [InlineData("GET", "/api/health/live", null)]
    [InlineData("GET", "/api/health/ready", null)]
    [InlineData("PUT", "/api/workflows/w1", "not json")]
    [InlineData("PUT", "/api/workflows/w1", "{}")]
    [InlineData("DELETE", "/api/workflows/w1", null)]
    public async Task A_bare_context_gets_what_the_server_answers(string method, string path, string? body)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var served = await app.Client.SendAsync(request);

        await using var services = Services();
        var (response, bytes) = await InvokeAsync(
            services.GetRequiredService<AutopilotPipeline>(),
            method,
            path,
            body is null ? null : Encoding.UTF8.GetBytes(body)
        );

        Assert.Equal((int)served.StatusCode, response.StatusCode);
        Assert.Equal(served.Content.Headers.ContentType?.ToString(), response.ContentType);
        Assert.Equal(WithoutTrace(await served.Content.ReadAsStringAsync()), WithoutTrace(Encoding.UTF8.GetString(bytes)));
        foreach (
            var name in new[] { "Cache-Control", "ETag", "Allow", "X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy" }
        )
        {
            Assert.Equal(served.Header(name) ?? "", response.Headers[name].ToString());
        }
    }

    [Fact]
    public async Task What_the_host_has_routed_is_forgotten()
    {
        await using var services = Services();
        var context = Context("GET", "/api/workflows", null);
        context.SetEndpoint(
            new Endpoint(_ => throw new InvalidOperationException("The host's own endpoint."), EndpointMetadataCollection.Empty, "host")
        );
        context.Request.RouteValues["path"] = "workflows";
        await services.GetRequiredService<AutopilotPipeline>().InvokeAsync(context);
        Assert.Equal(200, context.Response.StatusCode);
        Assert.DoesNotContain("path", context.Request.RouteValues.Keys);
    }

    [Fact]
    public async Task A_large_body_is_refused_without_any_server_to_help()
    {
        await using var services = Services();
        var (response, bytes) = await InvokeAsync(
            services.GetRequiredService<AutopilotPipeline>(),
            "PUT",
            "/api/workflows/w1",
            new byte[64 * 1024 + 1]
        );
        Assert.Equal(413, response.StatusCode);
        Assert.Contains("PayloadTooLarge", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_request_has_headers_and_no_body()
    {
        await using var services = Services();
        var (response, bytes) = await InvokeAsync(services.GetRequiredService<AutopilotPipeline>(), "HEAD", "/api/workflows", null);
        Assert.Equal(200, response.StatusCode);
        Assert.True(response.ContentLength > 0);
        Assert.Empty(bytes);
    }

    [Fact]
    public async Task A_defect_becomes_an_answer_and_never_leaves_the_pipeline()
    {
        await using var services = Services(new StoreDouble(new InvalidOperationException("hunter2")));
        var (response, bytes) = await InvokeAsync(services.GetRequiredService<AutopilotPipeline>(), "GET", "/api/workflows/w1", null);
        Assert.Equal(500, response.StatusCode);
        Assert.Contains("InternalError", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.XContentTypeOptions);
    }

    [Fact]
    public async Task Sixteen_first_requests_at_once_are_all_answered()
    {
        await using var services = Services();
        var pipeline = services.GetRequiredService<AutopilotPipeline>();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(i => Task.Run(() => InvokeAsync(pipeline, "GET", i % 2 == 0 ? "/api/workflows" : "/api/health/live", null)))
        );
        Assert.All(answers, answer => Assert.Equal(200, answer.Response.StatusCode));
    }

    private static ServiceProvider Services(StoreDouble? store = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["PollSchedule"] = "0 * * * * *" })
            .Build();
        return new ServiceCollection()
            .AddLogging()
            .AddOptions()
            .AddSingleton<IUpgradeWorkflowSource>(new Upstream())
            .AddStore(store ?? new StoreDouble())
            .AddSingleton<IWorkflowListStore>(new ListStoreInMemory { Failure = store?.Failure })
            .AddSingleton<IBaselineStore>(new BaselineInMemory())
            .AddAutopilotCore(configuration)
            .AddAutopilotApi(configuration)
            .BuildServiceProvider();
    }

    private static DefaultHttpContext Context(string method, string path, byte[]? body)
    {
        var context = new DefaultHttpContext
        {
            Request =
            {
                Method = method,
                Path = path,
                Scheme = "http",
                Host = new HostString("localhost"),
            },
        };
        if (body is not null)
        {
            // For the pipeline this looks chunked: it has no length.
            context.Request.Body = new MemoryStream(body);
            context.Request.ContentType = "application/json; charset=utf-8";
        }

        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new MemoryStream()));
        return context;
    }

    private static async Task<(HttpResponse Response, byte[] Body)> InvokeAsync(
        AutopilotPipeline pipeline,
        string method,
        string path,
        byte[]? body
    )
    {
        var context = Context(method, path, body);
        await pipeline.InvokeAsync(context);
        await context.Response.CompleteAsync();
        return (context.Response, ((MemoryStream)context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Stream).ToArray());
    }

    private static string WithoutTrace(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, "\"traceId\":\"[^\"]*\"", "\"traceId\":\"…\"");
}
