using System.Text;
using Autopilot.Core.Rows;
using Autopilot.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Tests.Problems;

/// <summary>What an operation does not know in a query is refused before anything is done, and not passed over.</summary>
public sealed class QueryCheckTests
{
    [Theory]
    [InlineData("GET", "/api/workflows?assesment=Blocked", "assesment", "assessment")]
    [InlineData("GET", "/api/workflows?clusterName=shop", "clusterName", "cluster")]
    [InlineData("GET", "/api/workflows?active=true&top=5", "top", null)]
    [InlineData("GET", "/api/workflows/w1/history?too=2026-11-23", "too", "to")]
    [InlineData("GET", "/api/workflows?$filter=1", "$filter", null)]
    [InlineData("GET", "/api/workflows?x-functions-key=secret", "x-functions-key", null)]
    [InlineData("GET", "/api/workflows/w1?formt=text", "formt", "format")]
    [InlineData("GET", "/api/workflows/w1?assessment=Blocked", "assessment", null)]
    [InlineData("PUT", "/api/workflows/w1?purge=true", "purge", null)]
    [InlineData("DELETE", "/api/workflows/w1?purged=true", "purged", "purge")]
    [InlineData("DELETE", "/api/workflows/w1?Purge%20=true", "Purge ", "purge")]
    [InlineData("POST", "/api/workflows/w1/poll?due=true", "due", null)]
    [InlineData("POST", "/api/poll?dueOnly=true", "dueOnly", "due")]
    [InlineData("GET", "/api/workflows/w1/history?form=2026-11-23", "form", "from")]
    [InlineData("GET", "/api/workflows/w1/history/1?document=false", "document", null)]
    [InlineData("GET", "/api/workflows/w1/timeline?from=2026-11-23", "from", null)]
    [InlineData("GET", "/api/clusters?project=p1", "project", "projectId")]
    [InlineData("GET", "/api/projects?maxPages=1", "maxPages", "maxpagesize")]
    [InlineData("GET", "/api/reports/upgrades?group=month", "group", "groupBy")]
    [InlineData("GET", "/api/reports/runs?outcomes=Gone", "outcomes", "outcome")]
    [InlineData("GET", "/api/reports/outlook?target=v1", "target", "targetVersion")]
    [InlineData("POST", "/api/notifications/test?webhooks=a", "webhooks", "webhook")]
    [InlineData("GET", "/api/retention/expired?before=2026-11-23", "before", null)]
    [InlineData("GET", "/api/openapi.json?version=3.0", "version", null)]
    [InlineData("GET", "/api/workflows?status=Blocked", "status", null)]
    [InlineData("GET", "/api/workflows?limit=5", "limit", null)]
    [InlineData("GET", "/api/reports/outlook?outcome=x", "outcome", null)]
    [InlineData("GET", "/api/workflows?outcome=x", "outcome", null)]
    [InlineData("GET", "/api/workflows?clusterNames=x", "clusterNames", "cluster")]
    [InlineData("GET", "/api/workflows?=1", "", null)]
    [InlineData("GET", "/api/workflows?Blocked", "Blocked", null)]
    public async Task A_parameter_that_is_not_known_is_refused_with_the_nearest_that_is(
        string method,
        string path,
        string name,
        string? nearest
    )
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await app.Client.SendAsync(request);
        var detail = await response.ProblemAsync(400, "InvalidParameter");
        Assert.StartsWith(
            $"'{name}' is not a parameter of this operation{(nearest is null ? "" : $"; the nearest is '{nearest}'")}. It takes: ",
            detail,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("GET", "/api/health/live?verbose=1")]
    [InlineData("GET", "/api/health/ready?format=json")]
    [InlineData("POST", "/api/mcp?session=1")]
    [InlineData("DELETE", "/api/clusters/c1?purge=true")]
    public async Task An_operation_that_takes_no_parameter_says_so(string method, string path)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.EndsWith(
            "is not a parameter of this operation, which takes none.",
            await response.ProblemAsync(400, "InvalidParameter"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("code=a")]
    [InlineData("CODE=a&code=b")]
    [InlineData("clientId=default&clientid=b")]
    [InlineData("_=1764500000")]
    [InlineData("_=1&_=2&_ts=3&__proto__=x")]
    [InlineData("utm_source=mail&utm_source=chat&UTM_Campaign=x")]
    public async Task What_platforms_caches_and_campaigns_add_is_passed_over(string query)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        foreach (var path in new[] { "/api/workflows", "/api/health/live", "/api/openapi.json" })
        {
            using var response = await app.GetAsync($"{path}?{query}");
            Assert.Equal((path, 200), (path, (int)response.StatusCode));
        }
    }

    [Theory]
    [InlineData("/api/workflows?active=true&active=true", "active")]
    [InlineData("/api/workflows?Active=true&active=false", "active")]
    [InlineData("/api/workflows?format=text&format=text", "format")]
    [InlineData("/api/workflows?clusterId=a&clusterId=b", "clusterId")]
    [InlineData("/api/workflows?maxpagesize=1&maxpagesize=1", "maxpagesize")]
    [InlineData("/api/workflows?orderBy=need&orderBy=", "orderBy")]
    [InlineData("/api/reports/runs?from=2026-11-01&from=2026-11-02", "from")]
    public async Task A_parameter_of_one_value_is_given_once(string path, string name)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        using var response = await app.GetAsync(path);
        Assert.Equal($"'{name}' must be given once: it takes one value.", await response.ProblemAsync(400, "InvalidParameter"));
    }

    [Fact]
    public async Task Every_operation_refuses_what_it_does_not_know_and_what_it_is_given_twice()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        var routes = MappedRoute.Of(app.Services.GetRequiredService<EndpointDataSource>());
        Assert.True(routes.Count > 20);
        foreach (var route in routes)
        {
            var path = route.Parameters.InPath.Aggregate(
                route.Path,
                (text, part) => text.Replace($"{{{part.Name}}}", "1", StringComparison.Ordinal)
            );
            Assert.Contains(
                "is not a parameter of this operation",
                await RefusalAsync($"{path}?nothing-of-the-kind=1"),
                StringComparison.Ordinal
            );
            foreach (var parameter in route.Parameters.InQuery.Where(parameter => !parameter.Several))
            {
                Assert.Contains(
                    $"'{parameter.Name}' must be given once",
                    await RefusalAsync($"{path}?{parameter.Name}=true&{parameter.Name.ToUpperInvariant()}=true"),
                    StringComparison.Ordinal
                );
            }

            async Task<string> RefusalAsync(string asked)
            {
                using var request = new HttpRequestMessage(new HttpMethod(route.Method), asked)
                {
                    Content = route.Method is "PUT" or "POST" ? new StringContent("{}", Encoding.UTF8, "application/json") : null,
                };
                using var response = await app.Client.SendAsync(request);
                return await response.ProblemAsync(400, "InvalidParameter");
            }
        }
    }

    [Fact]
    public async Task A_foreign_name_is_shown_short_and_on_one_line()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await app.GetAsync($"/api/workflows?a%0Ab%E2%80%AE{new string('c', 100)}=1");
        var detail = await response.ProblemAsync(400, "InvalidParameter");
        Assert.StartsWith($"'a b {new string('c', 59)}…' is not", detail, StringComparison.Ordinal);
    }
}
