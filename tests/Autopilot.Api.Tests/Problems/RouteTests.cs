using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Autopilot.Core.Rows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Api.Tests.Problems;

/// <summary>What needs no store: routes, methods, bodies and parameters that are wrong before anything is looked up.</summary>
public sealed class RouteTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/nothing")]
    [InlineData("/api/workflows/a/b/c/d")]
    [InlineData("/workflows")]
    public async Task An_unknown_route_is_a_problem_too(string path)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await app.GetAsync(path);
        Assert.Contains("no such route", await response.ProblemAsync(404, "NotFound"), StringComparison.Ordinal);
        Assert.Equal("no-store", response.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("POST", "/api/workflows", "GET, HEAD")]
    [InlineData("PATCH", "/api/workflows/w1", "DELETE, GET, HEAD, PUT")]
    [InlineData("GET", "/api/workflows/w1/poll", "POST")]
    [InlineData("GET", "/api/poll", "POST")]
    [InlineData("DELETE", "/api/workflows/w1/history", "GET, HEAD")]
    [InlineData("PUT", "/api/health/ready", "GET, HEAD")]
    public async Task A_method_that_a_route_does_not_have_names_those_it_has(string method, string path, string allowed)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        var detail = await response.ProblemAsync(405, "MethodNotAllowed");
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow.Order(StringComparer.Ordinal)));
        Assert.Contains(method, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_of_a_head_request_has_no_body_but_all_headers()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/nothing"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Content.Headers.ContentLength > 0);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("GET", "/api/workflows/{0}")]
    [InlineData("PUT", "/api/workflows/{0}")]
    [InlineData("DELETE", "/api/workflows/{0}")]
    [InlineData("POST", "/api/workflows/{0}/poll")]
    [InlineData("GET", "/api/workflows/{0}/history")]
    [InlineData("GET", "/api/workflows/{0}/history/1")]
    public async Task A_malformed_workflow_id_is_refused_before_anything_is_looked_up(string method, string route)
    {
        // A store that always fails: reaching it would be a 503.
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        string[] namesOnly = method is "PUT" or "DELETE" ? ["a_b", "a.b", new string('a', 65)] : [];
        foreach (var id in new[] { "a%2Fb", "a%20b", "%C3%A4", "a'b", "a%7Cb", new string('a', 129) }.Concat(namesOnly))
        {
            using var request = new HttpRequestMessage(
                new HttpMethod(method),
                string.Format(System.Globalization.CultureInfo.InvariantCulture, route, id)
            );
            using var response = await app.Client.SendAsync(request);
            Assert.Contains("1 to 64 characters", await response.ProblemAsync(400, "InvalidWorkflowId"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(
        "/api/workflows?assessment=Stuck",
        "InvalidParameter",
        "one of Unknown, NotStarted, Waiting, Progressing, Slow, Stalled, Blocked, RollingBack, Completed, Cancelled, Gone"
    )]
    [InlineData("/api/workflows?assessment=6", "InvalidParameter", "'assessment'")]
    [InlineData("/api/workflows?assessment=", "InvalidParameter", "'assessment'")]
    [InlineData("/api/workflows?assessment=Blocked,Fine", "InvalidParameter", "'assessment'")]
    [InlineData("/api/workflows?active=yes", "InvalidParameter", "'active' must be true or false")]
    [InlineData("/api/workflows?active=%20true", "InvalidParameter", "'active'")]
    [InlineData("/api/workflows?active=", "InvalidParameter", "'active'")]
    [InlineData("/api/workflows?clusterId=a/b", "InvalidClusterId", "1 to 64 characters")]
    [InlineData("/api/workflows?clusterId=", "InvalidClusterId", "'clusterId'")]
    [InlineData("/api/workflows?projectId=a'b", "InvalidParameter", "'projectId'")]
    [InlineData("/api/workflows?maxpagesize=0", "InvalidParameter", "from 1 to 1000")]
    [InlineData("/api/workflows?maxpagesize=1001", "InvalidParameter", "'maxpagesize'")]
    [InlineData("/api/workflows?maxpagesize=-1", "InvalidParameter", "'maxpagesize'")]
    [InlineData("/api/workflows?maxpagesize=ten", "InvalidParameter", "'maxpagesize'")]
    [InlineData("/api/workflows?maxpagesize=99999999999999", "InvalidParameter", "'maxpagesize'")]
    [InlineData("/api/workflows?continuationToken=", "InvalidParameter", "'continuationToken'")]
    [InlineData("/api/workflows/w1/history?from=yesterday", "InvalidParameter", "RFC 3339")]
    [InlineData("/api/workflows/w1/history?to=2026-13-01", "InvalidParameter", "'to'")]
    [InlineData("/api/workflows/w1/history?from=2026-11-23&to=2026-11-23", "InvalidParameter", "earlier than 'to'")]
    [InlineData("/api/workflows/w1/history?maxpagesize=x", "InvalidParameter", "'maxpagesize'")]
    [InlineData("/api/workflows/w1/history/0", "InvalidParameter", "'sequence'")]
    [InlineData("/api/workflows/w1/history/-1", "InvalidParameter", "'sequence'")]
    [InlineData("/api/workflows/w1/history/latest", "InvalidParameter", "'sequence'")]
    [InlineData("/api/workflows/w1/history/99999999999999999999", "InvalidParameter", "'sequence'")]
    [InlineData("/api/workflows?format=xml", "InvalidParameter", "one of json, markdown, text, card")]
    public async Task An_invalid_parameter_is_rejected_with_what_is_allowed(string path, string code, string reported)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        using var response = await app.GetAsync(path);
        Assert.Contains(reported, await response.ProblemAsync(400, code), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE", "/api/workflows/w1?purge=1", "'purge' must be true or false")]
    [InlineData("POST", "/api/poll?due=maybe", "'due' must be true or false")]
    public async Task A_flag_of_a_write_is_true_or_false(string method, string path, string reported)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Contains(reported, await response.ProblemAsync(400, "InvalidParameter"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/workflows?format=csv")]
    [InlineData("/api/workflows/w1?format=svg")]
    [InlineData("/api/workflows/w1/history?format=ndjson")]
    public async Task A_format_that_exists_but_not_here_is_not_acceptable(string path)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        using var response = await app.GetAsync(path);
        Assert.Contains("json (application/json)", await response.ProblemAsync(406, "NotAcceptable"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/workflows")]
    [InlineData("PUT", "/api/workflows/w1")]
    [InlineData("POST", "/api/workflows/w1/poll")]
    [InlineData("POST", "/api/poll")]
    public async Task A_caller_who_accepts_no_json_is_refused_before_anything_happens(string method, string path)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Accept.ParseAdd("text/html, application/json;q=0");
        using var response = await app.Client.SendAsync(request);
        await response.ProblemAsync(406, "NotAcceptable");
    }

    [Theory]
    [InlineData(64 * 1024 + 1, false)]
    [InlineData(64 * 1024 + 1, true)]
    [InlineData(3_000_000, false)]
    [InlineData(3_000_000, true)]
    public async Task A_body_over_64_KiB_is_refused_however_it_is_framed(int size, bool chunked)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        foreach (
            var (method, path) in new[]
            {
                (HttpMethod.Put, "/api/workflows/w1"),
                (HttpMethod.Post, "/api/workflows/w1/poll"),
                (HttpMethod.Post, "/api/poll"),
                (HttpMethod.Delete, "/api/workflows/w1"),
            }
        )
        {
            using var request = new HttpRequestMessage(method, path) { Content = new StreamContent(new MemoryStream(new byte[size])) };
            request.Headers.ExpectContinue = true;
            request.Headers.TransferEncodingChunked = chunked;
            using var response = await app.Client.SendAsync(request);
            Assert.Contains("65536 bytes", await response.ProblemAsync(413, "PayloadTooLarge"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_body_of_exactly_64_KiB_is_read()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var response = await app.PutAsync("w1", "{}" + new string(' ', 64 * 1024 - 2));
        Assert.Contains("'clusterId' is missing", await response.ProblemAsync(400, "InvalidBody"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The body is empty")]
    [InlineData("hello", "line 1, byte 1")]
    [InlineData("{\n  \"clusterId\": c1 }", "line 2, byte 16")]
    [InlineData("{\"clusterId\":\"c1\"} x", "not JSON: line 1")]
    [InlineData("{\"clusterId\":\"c1\",}", "not JSON: line 1")]
    [InlineData("[]", "JSON but not an object")]
    [InlineData("null", "JSON but not an object")]
    [InlineData("{}", "'clusterId' is missing")]
    [InlineData("{\"clusterId\":null}", "'clusterId' is missing")]
    [InlineData("{\"clusterId\":7}", "'clusterId' must be a string")]
    [InlineData("{\"clusterId\":\"c1\",\"projectID\":\"p\"}", "'projectID' is not a member")]
    [InlineData("{\"clusterId\":\"c1\",\"clusterId\":\"c2\"}", "'clusterId' is there twice")]
    [InlineData("{\"clusterId\":\"c1\",\"projectId\":\"a b\"}", "'projectId' must be 1 to 64 characters")]
    [InlineData("{\"clusterId\":\"c1\",\"projectId\":\"\"}", "'projectId'")]
    [InlineData("{\"clusterId\":\"c1\",\"clusterName\":\"\"}", "'clusterName' must be 1 to 128 characters")]
    [InlineData("{\"clusterId\":\"c1\",\"clusterName\":\"a\\u0007b\"}", "without control characters")]
    [InlineData("{\"clusterId\":\"c1\",\"clusterName\":\"\\ud800\"}", "not Unicode")]
    public async Task An_invalid_body_is_rejected_with_where_and_why(string body, string reported)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        using var response = await app.PutAsync("w1", body);
        Assert.Contains(reported, await response.ProblemAsync(400, "InvalidBody"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_UTF_8_is_rejected_as_such()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        using var content = new ByteArrayContent([.. "{\"clusterId\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using var response = await app.Client.PutAsync("/api/workflows/w1", content);
        Assert.Contains("not UTF-8", await response.ProblemAsync(400, "InvalidBody"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_name_of_129_characters_is_too_long()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        using var response = await app.PutAsync("w1", $$"""{"clusterId":"c1","clusterName":"{{new string('n', 129)}}"}""");
        Assert.Contains("'clusterName'", await response.ProblemAsync(400, "InvalidBody"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_cluster_id_in_the_body_has_its_own_code()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        using var response = await app.PutAsync("w1", """{"clusterId":"../projects"}""");
        Assert.Contains("'clusterId' in the body", await response.ProblemAsync(400, "InvalidClusterId"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_of_another_type_is_rejected_and_JSON_is_named(string type)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        using var response = await app.PutAsync("w1", """{"clusterId":"c1"}""", type);
        Assert.Contains("Content-Type: application/json", await response.ProblemAsync(415, "InvalidBody"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/workflows")]
    [InlineData("GET", "/api/workflows/w1")]
    [InlineData("PUT", "/api/workflows/w1")]
    [InlineData("DELETE", "/api/workflows/w1")]
    [InlineData("DELETE", "/api/workflows/w1?purge=true")]
    [InlineData("POST", "/api/workflows/w1/poll")]
    [InlineData("GET", "/api/workflows/w1/history")]
    [InlineData("GET", "/api/workflows/w1/history/1")]
    public async Task A_storage_that_is_down_is_503_and_says_when_to_try_again(string method, string path)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("secret=hunter2")));
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "PUT" ? new StringContent("""{"clusterId":"c1"}""", Encoding.UTF8, "application/json") : null,
        };
        using var response = await app.Client.SendAsync(request);
        Assert.DoesNotContain("hunter2", await response.ProblemAsync(503, "StorageUnavailable"), StringComparison.Ordinal);
        Assert.Equal("10", response.Header("Retry-After"));
    }

    [Fact]
    public async Task A_defect_is_500_without_a_word_of_it_and_is_logged_once_without_the_query()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new InvalidOperationException("secret=hunter2")));
        using var response = await app.GetAsync("/api/workflows/w1?code=myKey");
        var text = await response.Content.ReadAsStringAsync();
        await response.ProblemAsync(500, "InternalError");
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperationException", text, StringComparison.Ordinal);

        var logged = app.Log.GetSnapshot().Where(record => record.Level >= LogLevel.Warning).ToList();
        var failure = Assert.Single(logged);
        Assert.Equal("RequestFailed", failure.Id.Name);
        Assert.IsType<InvalidOperationException>(failure.Exception);
        Assert.Contains("/api/workflows/{workflowId}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            app.Log.GetSnapshot(),
            record =>
                record.Category!.StartsWith("Autopilot", StringComparison.Ordinal)
                && record.Message.Contains("myKey", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("GET", "/api/workflows?maxpagesize=none", 400)]
    [InlineData("PATCH", "/api/workflows", 405)]
    [InlineData("PUT", "/api/workflows/w1", 400)]
    [InlineData("GET", "/api/workflows/w1", 500)]
    public async Task The_trace_id_of_every_problem_stands_in_one_line_of_the_log(string method, string path, int status)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new InvalidOperationException("broken")));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await app.Client.SendAsync(request);
        var traceId = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["traceId"]!.GetValue<string>();

        Assert.Equal(status, (int)response.StatusCode);
        var line = Assert.Single(app.Log.GetSnapshot(), record => record.Message.Contains(traceId, StringComparison.Ordinal));
        Assert.True(line.Level >= LogLevel.Information);
    }
}
