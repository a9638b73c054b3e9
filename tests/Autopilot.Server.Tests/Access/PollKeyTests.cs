using System.Net;
using System.Text.Json;
using Autopilot.Server.Tests.Running;

namespace Autopilot.Server.Tests.Access;

/// <summary>Which key may have everything polled.</summary>
public sealed class PollKeyTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("/api/poll")]
    [InlineData("/API/Poll/")]
    [InlineData("/api/poll?due=false")]
    [InlineData("/api/poll?due=FALSE&_=1")]
    [InlineData("/api/poll?cluster=b4b9e60f-8aa2-11ee-af09-0255ac10004f")]
    public async Task A_poll_of_everything_needs_a_manage_key(string path)
    {
        await using var server = await StartAsync();
        using var refused = await PostAsync(server, path, TestKeys.Api);
        using var managed = await PostAsync(server, path, TestKeys.Manage);

        Assert.Equal((HttpStatusCode.Forbidden, "Forbidden"), (refused.StatusCode, await CodeAsync(refused)));
        Assert.Contains("due=true", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, managed.StatusCode);
    }

    [Fact]
    public async Task What_is_due_is_polled_once_a_tick_whichever_API_key_calls()
    {
        await using var server = await StartAsync();
        using var first = await PostAsync(server, "/api/poll?due=true", TestKeys.Api);
        using var again = await PostAsync(server, "/api/poll?due=true", TestKeys.Api);
        using var other = await PostAsync(server, "/api/poll?due=TRUE", TestKeys.OtherApi);
        using var managed = await PostAsync(server, "/api/poll?due=true", TestKeys.Manage);
        using var one = await PostAsync(server, "/api/workflows/w1/poll", TestKeys.Api);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        foreach (var refused in (HttpResponseMessage[])[again, other])
        {
            Assert.Equal((HttpStatusCode.TooManyRequests, "TooManyRequests"), (refused.StatusCode, await CodeAsync(refused)));
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        }

        Assert.Equal(HttpStatusCode.OK, managed.StatusCode);
        Assert.Equal((HttpStatusCode.NotFound, "WorkflowNotFound"), (one.StatusCode, await CodeAsync(one)));
    }

    [Fact]
    public async Task A_mistake_does_not_use_up_the_poll_of_a_tick()
    {
        await using var server = await StartAsync();
        using var unknown = await PostAsync(server, "/api/poll?due=true&cluster=no.such.cluster", TestKeys.Api);
        using var wrong = await PostAsync(server, "/api/poll?due=true&cluster=", TestKeys.Api);
        using var first = await PostAsync(server, "/api/poll?due=true&cluster=b4b9e60f-8aa2-11ee-af09-0255ac10004f", TestKeys.Api);
        using var again = await PostAsync(server, "/api/poll?due=true", TestKeys.Api);

        Assert.Equal(
            [HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.TooManyRequests],
            new[] { unknown, wrong, first, again }.Select(answer => answer.StatusCode)
        );
    }

    [Fact]
    public async Task The_next_tick_allows_the_next_poll()
    {
        await using var server = await StartAsync(settings => settings["PollSchedule"] = "*/2 * * * * *");
        using var first = await PostAsync(server, "/api/poll?due=true", TestKeys.Api);
        using var refused = await PostAsync(server, "/api/poll?due=true", TestKeys.Api);
        await Task.Delay(TimeSpan.FromSeconds(2.1));
        using var next = await PostAsync(server, "/api/poll?due=true", TestKeys.Api);

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK),
            (first.StatusCode, refused.StatusCode, next.StatusCode)
        );
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 2);
    }

    [Fact]
    public async Task A_setting_opens_it_for_API_keys()
    {
        await using var server = await StartAsync(settings => settings["Server:ReadersMayPollAll"] = "true");
        foreach (var path in (string[])["/api/poll", "/api/poll?due=true", "/api/poll?due=true"])
        {
            using var answer = await PostAsync(server, path, TestKeys.Api);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }
    }

    [Fact]
    public async Task Without_keys_this_machine_polls_as_it_likes()
    {
        await using var server = await RunningServer.StartAsync(TestSettings.Of(azurite.ConnectionString));
        foreach (var path in (string[])["/api/poll", "/api/poll?due=true", "/api/poll?due=true"])
        {
            using var answer = await PostAsync(server, path, null);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }
    }

    private Task<RunningServer> StartAsync(Action<Dictionary<string, string?>>? change = null)
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["Server:ApiKeys:0"] = TestKeys.Api;
        settings["Server:ApiKeys:1"] = TestKeys.OtherApi;
        settings["Server:ManageKeys:0"] = TestKeys.Manage;
        change?.Invoke(settings);
        return RunningServer.StartAsync(settings);
    }

    private static Task<HttpResponseMessage> PostAsync(RunningServer server, string path, string? key) =>
        key is null ? server.SendAsync(HttpMethod.Post, path) : server.SendAsync(HttpMethod.Post, path, ("x-functions-key", key));

    private static async Task<string?> CodeAsync(HttpResponseMessage answer)
    {
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        return problem.RootElement.GetProperty("code").GetString();
    }
}
