using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Simulator;

/// <summary>A simulator on a clock that the test moves, and a client that sends single requests.</summary>
internal sealed class SimulatorClient : IAsyncDisposable
{
    public static readonly DateTimeOffset Origin = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false };

    private SimulatorClient(SimulatorApp app, FakeTimeProvider clock) =>
        (App, Clock, Http) = (app, clock, new HttpClient(_handler) { BaseAddress = app.BaseAddress });

    public SimulatorApp App { get; }

    public FakeTimeProvider Clock { get; }

    public HttpClient Http { get; }

    public static async Task<SimulatorClient> StartAsync(SimulatorOptions? options = null, DateTimeOffset? now = null)
    {
        var clock = new FakeTimeProvider(now ?? Origin);
        var app = SimulatorApp.Create(options ?? new SimulatorOptions { Fleet = SimulatedFleet.Create(9, 1) }, clock);
        await app.StartAsync();
        return new SimulatorClient(app, clock);
    }

    public static string PathOf(SimulatedWorkflow workflow, string prefix = "/autopilot/v3") => $"{ListOf(workflow, prefix)}/{workflow.Id}";

    public static string ListOf(SimulatedWorkflow workflow, string prefix = "/autopilot/v3") =>
        $"{prefix}/projects/{workflow.ProjectId}/clusters/{workflow.ClusterId}/operation/upgradeworkflows";

    /// <summary>Asks with the token that is valid for ever.</summary>
    public async Task<SimulatorResponse> GetAsync(string path, string token = "SIMULATOR-TOKEN")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Auth-Token", token);
        return await SendAsync(request);
    }

    /// <summary>
    /// Asks with a signature, made from the description of the scheme: a third implementation beside the verifier's and the client's.
    /// </summary>
    public async Task<SimulatorResponse> GetSignedAsync(
        string path,
        string? secretKey = null,
        string accessKey = "SIMULATORACCESSKEY",
        TimeSpan skew = default
    )
    {
        var date = (Clock.GetUtcNow() + skew).ToString("yyyyMMdd'T'HHmmss'Z'");
        var canonical = $"GET\n{path}/\n\nhost:{App.BaseAddress.Authority}\nx-sdk-date:{date}\n\nhost;x-sdk-date\n{Hash("")}";
        var key = Encoding.UTF8.GetBytes(secretKey ?? new SimulatorOptions().SecretKey);
        var signature = Convert.ToHexStringLower(
            HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"SDK-HMAC-SHA256\n{date}\n{Hash(canonical)}"))
        );

        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Sdk-Date", date);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"SDK-HMAC-SHA256 Access={accessKey}, SignedHeaders=host;x-sdk-date, Signature={signature}"
        );
        return await SendAsync(request);
    }

    public async Task<SimulatorResponse> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        return new SimulatorResponse(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.ToDictionary(h => h.Key, h => h.Value.First(), StringComparer.OrdinalIgnoreCase)
        );
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _handler.Dispose();
        await App.DisposeAsync();
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

internal sealed record SimulatorResponse(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;
}
