using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Autopilot.Azurite;
using Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;
using Autopilot.Simulator;
using Autopilot.Simulator.Faults;
using Autopilot.Simulator.Fleet;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Autopilot.EndToEnd.Tests.Secrets;

/// <summary>
/// No secret leaks: a real server with every log and all telemetry on goes through everything that can go wrong, and then all that it said,
/// answered, exported, stored and sent to webhooks is searched for the secrets that it was given, as they are and in every form that a
/// careless writer would make of them.
/// </summary>
public sealed class SecretsTests(AzuriteFixture azurite) : IDisposable
{
    // With characters that each form shows in its own way.
    private const string AccessKey = "AK+SIM/ULATOR=KEY&01",
        SecretKey = "sk/that+opens=nothing&but%20a\"test<01>",
        SecurityToken = "st/that+opens=nothing&but%20a\"test<02>",
        Token = "tk/that+opens=nothing&but%20a\"test<03>",
        Password = "pw/that+opens=nothing&but%20a\"test<04>",
        ApiKey = "api/key+that=opens&nothing%20\"05>",
        ManageKey = "manage/key+that=opens&nothing%20\"06>",
        WrongKey = "wrong/key+that=opens&nothing%20\"07>",
        WebhookSecret = "wh/secret+that=signs&nothing%20\"08>",
        WebhookPath = "hook-path-that-nobody-may-see-09";

    private readonly ServerProcesses _all = [];
    private readonly ConcurrentQueue<string> _heard = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _all.Dispose();

    [Theory]
    [InlineData("keys")]
    [InlineData("iam")]
    [InlineData("token")]
    public async Task Whatever_goes_wrong_no_secret_is_said_answered_exported_or_stored(string way)
    {
        await using var collector = await StubCollector.StartAsync();
        await using var receiver = await ReceiverAsync();
        await using var tables = await FaultyStorageService.StartAsync(azurite.Server.TableEndpoint, seed: 5);
        var fleet = SimulatedFleet.Create(6, seed: 7);
        var simulator = new SimulatorOptions
        {
            Fleet = fleet,
            AccessKey = AccessKey,
            SecretKey = SecretKey,
            SecurityToken = SecurityToken,
            Tokens = [Token],
            Password = Password,
        };
        await using var upstream = SimulatorApp.Create(simulator, TimeProvider.System);
        await upstream.StartAsync(Cancel);
        var prefix = $"S{Guid.NewGuid():N}"[..20];

        // All goes well, and then nothing does.
        var settings = Settings(way, upstream, tables, collector, receiver, prefix);
        await LiveAsync(settings, upstream, tables, fleet, faults: way == "keys");
        // And one whose credentials are refused: the gateway echoes what it was sent.
        var (name, right) = way switch
        {
            "keys" => ("Cce__SecretKey", SecretKey),
            "iam" => ("Cce__Iam__Password", Password),
            _ => ("Cce__Token", Token),
        };
        settings[name] = right[..^4] + "!!!!";
        await LiveAsync(settings, upstream, tables, fleet, faults: false);

        var said = string.Join('\n', _all.SelectMany(server => server.Output));
        Assert.Contains("trce: ", said, StringComparison.Ordinal);
        Assert.Contains("dbug: ", said, StringComparison.Ordinal);
        Assert.Contains("UpstreamRejected", string.Join('\n', _heard), StringComparison.Ordinal);
        if (way == "keys")
        {
            Assert.Contains("StorageUnavailable", string.Join('\n', _heard), StringComparison.Ordinal);
        }

        Assert.Contains("/v1/traces", collector.All, StringComparison.Ordinal);
        var stored = await StoredAsync(prefix);
        Assert.Contains(fleet.Workflows[0].Id, stored, StringComparison.Ordinal);
        foreach (
            var secret in (string[])
                [
                    AccessKey,
                    SecretKey,
                    SecretKey[..^4],
                    SecurityToken,
                    Token[..^4],
                    Password[..^4],
                    ApiKey,
                    ManageKey,
                    WrongKey,
                    WebhookSecret,
                    WebhookPath,
                    AzuriteServer.AccountKey,
                ]
        )
        {
            foreach (var form in FormsOf(secret))
            {
                Found(form, said, "the log");
                Found(form, string.Join('\n', _heard), "an answer or a notification");
                Found(form, collector.All, "the telemetry");
                Found(form, stored, "the tables");
            }
        }
    }

    [Fact]
    public void The_search_finds_a_secret_in_whatever_form_it_is_written()
    {
        var writers = new Func<string, string>[]
        {
            text => text,
            Uri.EscapeDataString,
            WebUtility.UrlEncode,
            WebUtility.HtmlEncode,
            text => JsonSerializer.Serialize(text),
            text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        };
        foreach (var write in writers)
        {
            Assert.Contains(FormsOf(SecretKey), form => $"before {write(SecretKey)} after".Contains(form, StringComparison.Ordinal));
        }
    }

    /// <summary>A whole run of a server, from its start to its end.</summary>
    /// <param name="faults">Whether upstream and tables fail meanwhile, in every way: that does not depend on the credentials.</param>
    private async Task LiveAsync(
        Dictionary<string, string> settings,
        SimulatorApp upstream,
        FaultyStorageService tables,
        SimulatedFleet fleet,
        bool faults
    )
    {
        var server = _all.Add(await ServerProcess.StartAsync(settings));
        using var http = new HttpClient { BaseAddress = server.Address };
        foreach (var workflow in fleet.Workflows)
        {
            await AskAsync(
                http,
                HttpMethod.Put,
                $"/api/workflows/{workflow.Id}",
                ManageKey,
                new { workflow.ClusterId, workflow.ProjectId }
            );
        }

        await AskAsync(
            http,
            HttpMethod.Put,
            $"/api/clusters/{fleet.Workflows[0].ClusterId}",
            ManageKey,
            new { fleet.Workflows[0].ProjectId }
        );
        await AskAsync(http, HttpMethod.Post, "/api/poll", ManageKey);
        var id = fleet.Workflows[0].Id;
        foreach (
            var path in (string[])
                [
                    "/api/workflows",
                    $"/api/workflows/{id}",
                    $"/api/workflows/{id}/history",
                    "/api/clusters",
                    "/api/reports/upgrades",
                    "/api/notifications",
                    "/api/health/ready",
                    "/no/such/route",
                    "/api/workflows?maxpagesize=x",
                ]
        )
        {
            await AskAsync(http, HttpMethod.Get, path, ApiKey, byHeader: true);
            await AskAsync(http, HttpMethod.Get, path, ApiKey);
            await AskAsync(http, HttpMethod.Get, path, WrongKey);
            await AskAsync(http, HttpMethod.Get, path, WrongKey, byHeader: true);
        }

        await AskAsync(http, HttpMethod.Put, $"/api/workflows/{id}", ApiKey, new { nonsense = 1 });
        await AskAsync(http, HttpMethod.Put, $"/api/workflows/{id}", ManageKey, new { nonsense = 1 });
        await AskAsync(http, HttpMethod.Post, "/api/notifications/test", ApiKey);
        await SendRawAsync(
            server.Address,
            $"GET /api/workflows?code={Uri.EscapeDataString(ApiKey)} and a blank HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        );

        if (faults)
        {
            foreach (
                var kind in (FaultKind[])
                    [
                        FaultKind.ServerError,
                        FaultKind.MalformedJson,
                        FaultKind.Html,
                        FaultKind.CutMidBody,
                        FaultKind.CutBeforeHeaders,
                        FaultKind.Forbidden,
                        FaultKind.Gone,
                        FaultKind.Locked,
                    ]
            )
            {
                upstream.Faults.Add(new Fault { Kind = kind });
                await AskAsync(http, HttpMethod.Post, "/api/poll", ManageKey);
                await AskAsync(http, HttpMethod.Post, $"/api/workflows/{id}/poll", ApiKey);
                upstream.Faults.Clear();
            }

            tables.Errors = 1;
            await AskAsync(http, HttpMethod.Post, "/api/poll", ManageKey);
            await AskAsync(http, HttpMethod.Get, "/api/workflows", ApiKey);
            await AskAsync(
                http,
                HttpMethod.Put,
                $"/api/workflows/{id}",
                ManageKey,
                new { fleet.Workflows[0].ClusterId, fleet.Workflows[0].ProjectId }
            );
            tables.Clear();
            tables.Faults = 1;
            await AskAsync(http, HttpMethod.Post, "/api/poll", ManageKey);
            tables.Clear();
            // Last, since from then on nothing more is asked: what was right a moment ago is refused.
            upstream.Faults.Add(new Fault { Kind = FaultKind.Unauthorized });
        }

        await AskAsync(http, HttpMethod.Post, "/api/poll", ManageKey);
        await AskAsync(http, HttpMethod.Post, $"/api/workflows/{id}/poll", ApiKey);
        upstream.Faults.Clear();
        await AskAsync(http, HttpMethod.Get, "/api/health/ready", ApiKey);
        Assert.Equal(0, await server.StopAsync(Cancel));
    }

    private async Task AskAsync(HttpClient http, HttpMethod method, string path, string key, object? body = null, bool byHeader = false)
    {
        using var request = new HttpRequestMessage(
            method,
            byHeader ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}code={Uri.EscapeDataString(key)}"
        );
        if (byHeader)
        {
            request.Headers.TryAddWithoutValidation("x-functions-key", key);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        using var answer = await http.SendAsync(request, Cancel);
        _heard.Enqueue($"{answer.StatusCode}\n{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync(Cancel)}");
        // An address with a key in it contains the key.
        if (!byHeader)
        {
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        }
    }

    private static async Task SendRawAsync(Uri address, string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port, Cancel);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancel);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.Contains("400", await reader.ReadLineAsync(Cancel), StringComparison.Ordinal);
    }

    /// <summary>Webhooks that take, fail, and send elsewhere.</summary>
    private async Task<WebApplication> ReceiverAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async context =>
        {
            // A receiver knows its own path; the request must hold no other secret.
            using var reader = new StreamReader(context.Request.Body);
            _heard.Enqueue(await reader.ReadToEndAsync(Cancel));
            context.Response.StatusCode = context.Request.Path.Value![1] switch
            {
                'a' => StatusCodes.Status204NoContent,
                'b' => StatusCodes.Status500InternalServerError,
                _ => StatusCodes.Status307TemporaryRedirect,
            };
            context.Response.Headers.Location = "http://127.0.0.1:9/elsewhere";
        });
        await app.StartAsync(Cancel);
        return app;
    }

    private static Dictionary<string, string> Settings(
        string way,
        SimulatorApp upstream,
        FaultyStorageService tables,
        StubCollector collector,
        WebApplication receiver,
        string prefix
    )
    {
        var settings = ServerProcesses.Settings(upstream.BaseAddress, tables.Address);
        settings.Remove("Cce__AccessKey");
        settings.Remove("Cce__SecretKey");
        foreach (
            var (name, value) in way switch
            {
                "keys" => [("AccessKey", AccessKey), ("SecretKey", SecretKey), ("SecurityToken", SecurityToken)],
                "iam" =>
                [
                    ("Iam__Endpoint", settings["Cce__Endpoint"]),
                    ("Iam__Username", new SimulatorOptions().Username),
                    ("Iam__Password", Password),
                    ("Iam__DomainName", new SimulatorOptions().DomainName),
                    ("Iam__ProjectName", new SimulatorOptions().ProjectName),
                ],
                _ => new (string Name, string Value)[] { ("Token", Token) },
            }
        )
        {
            settings[$"Cce__{name}"] = value;
        }

        settings["Cce__MaxAttempts"] = "2";
        settings["Cce__RetryDelay"] = "00:00:00.010";
        settings["PollSchedule"] = "disabled";
        settings["Storage__TablePrefix"] = prefix;
        settings["Server__ApiKeys__0"] = ApiKey;
        settings["Server__ManageKeys__0"] = ManageKey;
        settings["Notifications__SettleFor"] = "00:00:00";
        foreach (var (index, (format, path)) in new[] { ("CloudEvents", "a"), ("Teams", "b"), ("Slack", "c") }.Index())
        {
            settings[$"Notifications__Webhooks__{index}__Url"] =
                $"{receiver.Urls.Single()}/{path}/{WebhookPath}?sig={Uri.EscapeDataString(WebhookSecret)}";
            settings[$"Notifications__Webhooks__{index}__Format"] = format;
        }

        settings["Notifications__Webhooks__0__Secret"] = WebhookSecret;
        foreach (
            var category in (string[])
                [
                    "Default",
                    "Microsoft",
                    "Microsoft.AspNetCore",
                    "Microsoft.AspNetCore.Hosting.Diagnostics",
                    "Microsoft.AspNetCore.Server.Kestrel.BadRequests",
                    "Microsoft.Hosting.Lifetime",
                    "System.Net.Http.HttpClient",
                    "Microsoft.Extensions.Http",
                    "Polly",
                    "Azure",
                    "ModelContextProtocol",
                ]
        )
        {
            foreach (var provider in (string[])["", "Console__", "OpenTelemetry__"])
            {
                settings[$"Logging__{provider}LogLevel__{category}"] = "Trace";
            }
        }

        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address;
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        settings["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        return settings;
    }

    /// <summary>Every property of every row.</summary>
    private async Task<string> StoredAsync(string prefix)
    {
        var service = new TableServiceClient(azurite.ConnectionString);
        var text = new StringBuilder();
        await foreach (var table in service.QueryAsync(cancellationToken: Cancel))
        {
            if (!table.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            await foreach (var row in service.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: Cancel))
            {
                text.AppendJoin(
                        '\n',
                        row.Select(property =>
                            $"{property.Key}={(property.Value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : property.Value)}"
                        )
                    )
                    .AppendLine();
            }
        }

        return text.ToString();
    }

    private static IReadOnlyList<string> FormsOf(string secret)
    {
        var utf8 = Encoding.UTF8.GetBytes(secret);
        var base64 = Convert.ToBase64String(utf8);
        return
        [
            .. new[]
            {
                secret,
                Uri.EscapeDataString(secret),
                Uri.EscapeDataString(Uri.EscapeDataString(secret)),
                WebUtility.UrlEncode(secret),
                WebUtility.HtmlEncode(secret),
                HtmlEncoder.Default.Encode(secret),
                // Both of JSON's usual ways to escape, and a text within a text.
                JsonEncodedText.Encode(secret).Value,
                JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value,
                JsonEncodedText.Encode(JsonEncodedText.Encode(secret).Value).Value,
                base64,
                base64.TrimEnd('='),
                base64.TrimEnd('=').Replace('+', '-').Replace('/', '_'),
                Uri.EscapeDataString(base64),
                Convert.ToHexString(utf8),
                Convert.ToHexStringLower(utf8),
                // As the middle of something longer that was encoded whole, the ends may differ.
                Convert.ToBase64String(utf8.AsSpan(1))[..^4],
                Convert.ToBase64String(utf8.AsSpan(2))[..^4],
                new string([.. secret.Reverse()]),
            }.Distinct(StringComparer.Ordinal),
        ];
    }

    private static void Found(string form, string text, string where)
    {
        var at = text.IndexOf(form, StringComparison.Ordinal);
        Assert.True(
            at < 0,
            at < 0 ? "" : $"{where} shows a secret as '{form}': {text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)]}"
        );
    }
}
