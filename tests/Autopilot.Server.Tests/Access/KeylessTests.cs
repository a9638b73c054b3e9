using System.Net;
using Autopilot.Server.Tests.Running;

namespace Autopilot.Server.Tests.Access;

/// <summary>Without keys only this machine's own programs are served, and no proxy or web page between.</summary>
public sealed class KeylessTests(AzuriteFixture azurite)
{
    private static readonly string[] Forwarding =
    [
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Port",
        "X-Forwarded-Server",
        "X-Forwarded-Prefix",
        "X-Forwarded-By",
        "X-Forwarded-Anything",
        "X-Forwarded",
        "x-forwarded-for",
        "X-FORWARDED-FOR",
        "X-Original-For",
        "X-Original-Host",
        "X-Original-Proto",
        "X-Original-URL",
        "X-Real-IP",
        "X-Client-IP",
        "Client-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
        "CF-Ray",
        "CDN-Loop",
        "X-Cluster-Client-IP",
        "Fastly-Client-IP",
        "X-Azure-ClientIP",
        "X-Azure-FDID",
        "X-ARR-SSL",
        "X-Envoy-External-Address",
        "X-Amzn-Trace-Id",
        "X-Cloud-Trace-Context",
        "X-Rewrite-URL",
        "Fly-Client-IP",
        "DO-Connecting-IP",
        "X-Vercel-Forwarded-For",
        "X-NF-Client-Connection-IP",
        "X-Appengine-User-IP",
        "CloudFront-Viewer-Address",
        "Tailscale-User-Login",
        "Remote-User",
        "X-Remote-User",
        "X-Auth-Request-User",
        "X-MS-CLIENT-PRINCIPAL",
        "X-Goog-Authenticated-User-Email",
        "X-Remote-Addr",
        "X-ProxyUser-Ip",
        "Some-Client-IP",
        "Some-Forwarded-For",
    ];

    [Fact]
    public async Task Every_forwarding_header_is_refused_on_every_route()
    {
        await using var server = await StartAsync();
        foreach (var header in Forwarding)
        {
            foreach (var value in (string[])["", "127.0.0.1", "for=192.0.2.60"])
            {
                using var answer = await server.SendAsync(HttpMethod.Get, "/api/workflows", (header, value));
                // The client sends no header without a value for some of them; then there is nothing to refuse.
                if (value.Length == 0 && answer.StatusCode == HttpStatusCode.OK)
                {
                    continue;
                }

                Assert.Equal((header, value, HttpStatusCode.Forbidden), (header, value, answer.StatusCode));
                Assert.Contains("Server:ApiKeys:0", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }

        foreach (
            var (method, path) in ((string, string)[])
                [
                    ("GET", "/"),
                    ("GET", "/api/health/live"),
                    ("POST", "/api/poll"),
                    ("PUT", "/api/workflows/w1"),
                    ("DELETE", "/api/workflows/w1"),
                    ("POST", "/api/mcp"),
                    ("OPTIONS", "/api/workflows"),
                ]
        )
        {
            using var answer = await server.SendAsync(new HttpMethod(method), path, ("X-Forwarded-For", "203.0.113.7"));
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.StatusCode));
        }
    }

    [Fact]
    public async Task A_forwarding_header_is_refused_also_where_the_framework_takes_it_out()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        await using var server = await ServerProcess.ServeAsync(settings);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/workflows");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "203.0.113.7");
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task With_keys_a_proxy_is_served()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["Server:ApiKeys:0"] = TestKeys.Api;
        await using var server = await RunningServer.StartAsync(settings);
        using var answer = await server.SendAsync(
            HttpMethod.Get,
            "/api/workflows",
            ("x-functions-key", TestKeys.Api),
            ("X-Forwarded-For", "203.0.113.7"),
            ("Sec-Fetch-Site", "cross-site"),
            ("Host", "autopilot.example.com")
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    // What a program or this machine's own page sends.
    [InlineData("GET", "/api/workflows", null, null, null, 200)]
    [InlineData("GET", "/api/workflows", "none", "navigate", "document", 200)]
    [InlineData("GET", "/api/workflows", "same-origin", "cors", "empty", 200)]
    [InlineData("GET", "/api/workflows", "same-site", "cors", "empty", 200)]
    // What a page of another site sends.
    [InlineData("GET", "/api/workflows", "cross-site", null, null, 403)]
    [InlineData("GET", "/api/workflows", "cross-site", "no-cors", "image", 403)]
    [InlineData("GET", "/api/workflows", "cross-site", "cors", "empty", 403)]
    [InlineData("GET", "/api/workflows", "cross-site", "navigate", "document", 403)]
    [InlineData("GET", "/API/workflows", "cross-site", "navigate", "document", 403)]
    [InlineData("GET", "/api/health/live", "cross-site", "navigate", "document", 403)]
    [InlineData("POST", "/api/poll", "cross-site", "navigate", "document", 403)]
    [InlineData("DELETE", "/api/workflows/w1", "cross-site", "cors", "empty", 403)]
    [InlineData("OPTIONS", "/api/workflows", "cross-site", "cors", "empty", 403)]
    [InlineData("GET", "/ui/workflows", "cross-site", "navigate", "document", 403)]
    [InlineData("POST", "/", "cross-site", "navigate", "document", 403)]
    [InlineData("HEAD", "/", "cross-site", "navigate", "document", 403)]
    [InlineData("GET", "/", "cross-site", "navigate", "iframe", 403)]
    [InlineData("GET", "/", "cross-site", "no-cors", "document", 403)]
    [InlineData("GET", "/", "Cross-Site", null, null, 403)]
    // A link that a person follows to a page.
    [InlineData("GET", "/", "cross-site", "navigate", "document", -403)]
    [InlineData("GET", "/some/page", "cross-site", "navigate", "document", -403)]
    public async Task A_page_of_another_site_may_do_nothing_but_link_to_a_page(
        string method,
        string path,
        string? site,
        string? mode,
        string? destination,
        int status
    )
    {
        await using var server = await StartAsync();
        (string, string)[] headers =
        [
            .. new[] { ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", destination) }
                .Where(header => header.Item2 is not null)
                .Select(header => (header.Item1, header.Item2!)),
        ];
        using var answer = await server.SendAsync(new HttpMethod(method), path, headers);
        // If the guard accepts a page, what is behind it answers.
        if (status < 0)
        {
            Assert.NotEqual(-status, (int)answer.StatusCode);
        }
        else
        {
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task No_other_origin_gets_a_CORS_header_even_where_it_is_listed()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["Server:CorsOrigins:0"] = "https://portal.example.com";
        settings["Server:CorsOrigins:1"] = "http://localhost:3000";
        await using var server = await RunningServer.StartAsync(settings);
        foreach (
            var origin in (string[])
                [
                    "https://portal.example.com",
                    "http://localhost:3000",
                    "https://evil.example",
                    "null",
                    server.Address.GetLeftPart(UriPartial.Authority),
                ]
        )
        {
            foreach (var method in (string[])["GET", "OPTIONS", "POST"])
            {
                using var answer = await server.SendAsync(
                    new HttpMethod(method),
                    "/api/workflows",
                    ("Origin", origin),
                    ("Access-Control-Request-Method", "POST"),
                    ("Access-Control-Request-Headers", "content-type")
                );
                Assert.DoesNotContain(
                    answer.Headers.NonValidated,
                    header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)
                );
            }
        }

        Assert.Contains(server.Log.GetSnapshot(), record => record.Id.Name == "OriginsWithoutKeys");
    }

    private Task<RunningServer> StartAsync() => RunningServer.StartAsync(TestSettings.Of(azurite.ConnectionString));
}
