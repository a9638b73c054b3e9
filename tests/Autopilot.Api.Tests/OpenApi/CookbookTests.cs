using System.Net;
using System.Text;
using Autopilot.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Tests.OpenApi;

/// <summary>The requests that the documentation shows are answered.</summary>
public sealed class CookbookTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Every_request_of_the_cookbook_is_answered_as_it_says()
    {
        var requests = RecordedRequest.OfMarkdown(await ReadAsync("cookbook.md"));
        Assert.True(requests.Count > 30, $"Only {requests.Count} requests were found.");
        await AskAsync(
            requests,
            request => request.Path.Contains("assessment=Fine", StringComparison.Ordinal) ? HttpStatusCode.BadRequest : null
        );
    }

    [Fact]
    public async Task Every_request_of_the_http_file_is_answered_and_every_operation_has_one()
    {
        var requests = RecordedRequest.OfHttp(await ReadAsync("autopilot.http"));
        await AskAsync(requests, _ => null);

        await using var app = await SampleSession.StartAsync(azurite);
        var routes = MappedRoute.Of(app.Services.GetRequiredService<EndpointDataSource>());
        Assert.Empty(
            routes
                .Where(route => !requests.Any(request => route.Fits(request.Method, request.Path.Split('?')[0])))
                .Select(route => route.Name)
        );
    }

    private async Task AskAsync(IReadOnlyList<RecordedRequest> requests, Func<RecordedRequest, HttpStatusCode?> expected)
    {
        await using var app = await SampleSession.StartAsync(azurite);
        await SampleSession.LiveAsync(
            app,
            async (method, path, body) => (await SendAsync(app, new RecordedRequest(method, path, null, body))).Dispose()
        );
        // Readiness looks at the last cycle.
        (await SendAsync(app, new RecordedRequest("POST", "/api/poll", null, null))).Dispose();
        foreach (var request in requests)
        {
            using var response = await SendAsync(app, request);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(
                expected(request) is { } status ? response.StatusCode == status : response.IsSuccessStatusCode,
                $"{request} is answered with {response.StatusCode}: {text}"
            );
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(ApiApp app, RecordedRequest written)
    {
        using var request = new HttpRequestMessage(new HttpMethod(written.Method), written.Path);
        if (written.Accept is not null)
        {
            request.Headers.Accept.ParseAdd(written.Accept);
        }

        if (written.Body is not null)
        {
            request.Content = new StringContent(written.Body, Encoding.UTF8, "application/json");
        }

        return await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<string> ReadAsync(string page) =>
        File.ReadAllTextAsync(Repository.PathOf("docs", page), TestContext.Current.CancellationToken);
}
