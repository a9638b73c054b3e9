using System.Net;
using System.Text;
using System.Text.Json;
using Autopilot.Simulator.Faults;
using Autopilot.Simulator.Fleet;

namespace Autopilot.EndToEnd.Tests.Simulator;

public sealed class FaultsTests
{
    [Theory]
    [InlineData(FaultKind.ServerError, HttpStatusCode.InternalServerError, "CCE.01500001")]
    [InlineData(FaultKind.Locked, HttpStatusCode.TooManyRequests, "CCE.01429002")]
    [InlineData(FaultKind.Unauthorized, HttpStatusCode.Unauthorized, "APIGW.0301")]
    [InlineData(FaultKind.Forbidden, HttpStatusCode.Forbidden, "CCE.01403001")]
    [InlineData(FaultKind.Gone, HttpStatusCode.NotFound, "CCE.01404001")]
    [InlineData(FaultKind.NoSuchApi, HttpStatusCode.NotFound, "APIGW.0101")]
    public async Task A_fault_occurs_as_often_as_it_was_set_and_only_there(FaultKind kind, HttpStatusCode status, string code)
    {
        await using var simulator = await SimulatorClient.StartAsync();
        var (one, other) = (simulator.App.World.Workflows.First(), simulator.App.World.Workflows.Last());
        simulator.App.Faults.Add(
            new Fault
            {
                Kind = kind,
                Path = one.Id,
                Times = 2,
            }
        );

        var answers = new List<SimulatorResponse>();
        for (var i = 0; i < 3; i++)
        {
            answers.Add(await simulator.GetAsync(SimulatorClient.PathOf(one)));
        }

        var elsewhere = await simulator.GetAsync(SimulatorClient.PathOf(other));

        Assert.Equal([status, status, HttpStatusCode.OK], answers.Select(answer => answer.Status));
        Assert.Contains($"\"{code}\"", answers[0].Body, StringComparison.Ordinal);
        Assert.True(answers[0].Headers.ContainsKey("X-Request-Id"));
        Assert.Equal(HttpStatusCode.OK, elsewhere.Status);
        Assert.Equal(2, simulator.App.Faults.Struck(kind));
        Assert.Equal(2, simulator.App.Requests.Count(one.Id, (int)status));
        Assert.Equal(1, simulator.App.Requests.Count(one.Id, 200));
    }

    [Fact]
    public async Task A_throttled_gateway_names_its_window_and_keeps_to_it()
    {
        await using var simulator = await SimulatorClient.StartAsync();
        var path = SimulatorClient.PathOf(simulator.App.World.Workflows.First());
        simulator.App.Faults.Add(new Fault { Kind = FaultKind.Throttled, Times = 1 });

        var first = await simulator.GetAsync(path);
        simulator.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        var within = await simulator.GetAsync(path);
        simulator.Clock.Advance(TimeSpan.FromSeconds(1));
        var after = await simulator.GetAsync(path);

        Assert.Equal(
            (HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests, HttpStatusCode.OK),
            (first.Status, within.Status, after.Status)
        );
        Assert.Equal("APIGW.0308", (string?)first.Json["error_code"]);
        Assert.Equal(
            "The throttling threshold has been reached: policy user over ratelimit,limit:200,time:5 minute",
            (string?)first.Json["error_msg"]
        );
        Assert.False(first.Headers.ContainsKey("Retry-After"));
    }

    [Fact]
    public async Task A_rate_limit_lets_through_what_it_says_and_no_more()
    {
        await using var simulator = await SimulatorClient.StartAsync();
        var path = SimulatorClient.PathOf(simulator.App.World.Workflows.First());
        simulator.App.Faults.Add(
            new Fault
            {
                Kind = FaultKind.RateLimit,
                Limit = 3,
                Window = TimeSpan.FromSeconds(30),
            }
        );

        for (var window = 0; window < 2; window++)
        {
            for (var i = 0; i < 5; i++)
            {
                await simulator.GetAsync(path);
            }

            simulator.Clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(6, simulator.App.Requests.Count(path, 200));
        Assert.Equal(4, simulator.App.Requests.Count(path, 429));
    }

    [Theory]
    [InlineData(FaultKind.CutBeforeHeaders)]
    [InlineData(FaultKind.CutMidBody)]
    public async Task A_cut_connection_is_an_error_of_transport_and_counted_as_status_0(FaultKind kind)
    {
        await using var simulator = await SimulatorClient.StartAsync();
        var path = SimulatorClient.PathOf(simulator.App.World.Workflows.First());
        simulator.App.Faults.Add(new Fault { Kind = kind, Times = 1 });

        // A POST, since HttpClient itself repeats a GET whose connection broke before an answer.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v3/auth/tokens")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        await Assert.ThrowsAsync<HttpRequestException>(() => simulator.SendAsync(request));

        Assert.Equal(HttpStatusCode.OK, (await simulator.GetAsync(path)).Status);
        Assert.Equal(1, simulator.App.Requests.Count("/v3/auth/tokens", 0));
    }

    [Fact]
    public async Task Malformed_answers_are_200_and_still_no_documents()
    {
        await using var simulator = await SimulatorClient.StartAsync();
        var workflow = simulator.App.World.Workflows.First();
        var path = SimulatorClient.PathOf(workflow);
        simulator.App.Faults.Add(new Fault { Kind = FaultKind.MalformedJson, Times = 1 });
        simulator.App.Faults.Add(new Fault { Kind = FaultKind.Html, Times = 1 });
        simulator.App.Faults.Add(new Fault { Kind = FaultKind.Huge, Times = 1 });

        var (malformed, html, huge) = (await simulator.GetAsync(path), await simulator.GetAsync(path), await simulator.GetAsync(path));

        Assert.All([malformed, html, huge], answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.ThrowsAny<JsonException>(() => malformed.Json);
        Assert.StartsWith("<!DOCTYPE html>", html.Body, StringComparison.Ordinal);
        Assert.True(huge.Body.Length > 5 * 1024 * 1024);
        Assert.Equal("Running", (string?)huge.Json["status"]!["phase"]);
        Assert.Empty(simulator.App.Ledger.Of(workflow.Id));
    }

    [Theory]
    [InlineData(FaultKind.SlowHeaders)]
    [InlineData(FaultKind.SlowBody)]
    public async Task A_slow_answer_is_the_right_one_and_waits_for_the_simulators_clock(FaultKind kind)
    {
        await using var simulator = await SimulatorClient.StartAsync();
        var workflow = simulator.App.World.Workflows.First();
        simulator.App.Faults.Add(
            new Fault
            {
                Kind = kind,
                Times = 1,
                Delay = TimeSpan.FromSeconds(80),
            }
        );

        var pending = simulator.GetAsync(SimulatorClient.PathOf(workflow));
        var turned = 0;
        while (!pending.IsCompleted)
        {
            if (simulator.App.Faults.Struck(kind) == 1)
            {
                simulator.Clock.Advance(TimeSpan.FromSeconds(1));
                turned++;
            }

            await Task.Delay(2);
        }

        Assert.True(turned >= 80, $"It answered after {turned} s.");
        Assert.Equal(workflow.Id, (string?)(await pending).Json["metadata"]!["uid"]);
    }

    [Fact]
    public async Task A_chance_of_a_fault_falls_the_same_way_for_the_same_seed()
    {
        async Task<IReadOnlyList<HttpStatusCode>> RunAsync()
        {
            await using var simulator = await SimulatorClient.StartAsync();
            simulator.App.Faults.Add(new Fault { Kind = FaultKind.ServerError, Probability = 0.3 });
            var answers = new List<HttpStatusCode>();
            for (var i = 0; i < 100; i++)
            {
                answers.Add((await simulator.GetAsync(SimulatorClient.PathOf(SimulatedFleet.Create(9, 1).Workflows[i % 9]))).Status);
            }

            return answers;
        }

        var first = await RunAsync();

        Assert.Equal(first, await RunAsync());
        Assert.InRange(first.Count(status => status == HttpStatusCode.InternalServerError), 15, 45);
    }

    [Fact]
    public async Task Faults_ledger_and_requests_are_there_over_HTTP_too()
    {
        await using var simulator = await SimulatorClient.StartAsync();
        var workflow = simulator.App.World.Workflows.First();

        using var fault = new HttpRequestMessage(HttpMethod.Post, "/_simulator/faults")
        {
            Content = Json("""{"kind":"ServerError","path":"/upgradeworkflows/","times":1}"""),
        };
        using var nonsense = new HttpRequestMessage(HttpMethod.Post, "/_simulator/faults")
        {
            Content = Json("""{"kind":"ServerError","probability":7}"""),
        };
        var added = await simulator.SendAsync(fault);
        var refused = await simulator.SendAsync(nonsense);
        var struck = await simulator.GetAsync(SimulatorClient.PathOf(workflow));
        await simulator.GetAsync(SimulatorClient.PathOf(workflow));
        await simulator.GetAsync(SimulatorClient.PathOf(workflow));
        var ledger = await simulator.GetAsync($"/_simulator/ledger/{workflow.Id}");
        var requests = await simulator.GetAsync("/_simulator/requests");

        Assert.Equal(HttpStatusCode.Created, added.Status);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(HttpStatusCode.InternalServerError, struck.Status);
        Assert.Equal(2, (int?)Assert.Single(ledger.Json.AsArray())!["count"]);
        Assert.Equal([(200, 2), (500, 1)], requests.Json.AsArray().Select(r => ((int)r!["status"]!, (int)r["count"]!)));
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
