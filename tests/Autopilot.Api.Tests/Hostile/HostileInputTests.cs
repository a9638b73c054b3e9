using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Core.Workflows;
using Autopilot.OpenApi;
using CsCheck;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Autopilot.Api.Tests.Hostile;

/// <summary>
/// Whatever a caller sends is understood or refused as a mistake of his; nothing of it is a defect of ours, and nothing comes through that
/// a rule forbids.
/// </summary>
public sealed class HostileInputTests(AzuriteFixture azurite)
{
    private static readonly Gen<string> Nasty = Gen.OneOf(
        Gen.String,
        AnyOf(
            "",
            " ",
            "\0",
            "\ud800",
            "\u202e",
            "'",
            "''",
            "' or 1 eq 1",
            "%",
            "%00",
            "%ud800",
            "+",
            "..",
            "../..",
            "/",
            "|",
            "a|b",
            "\"",
            "\\",
            "\r\n",
            "-1",
            "0",
            "1e3",
            "0x10",
            "٣",
            "99999999999999999999",
            "NaN",
            "null",
            "true,false",
            "2026-11-23",
            "2026-02-30",
            "2026-11-23T08:00:00Z",
            "2026-11-23T08:00:00 02:00",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59.9999999-14:00",
            "2026-11-23T24:00:00Z",
            "Blocked",
            "1",
            "Blocked,Failed",
            "json",
            "JSON"
        ),
        Gen.Char["0123456789-: +.TZ"].Array[0, 40].Select(chars => new string(chars)),
        Gen.Select(Gen.Char, Gen.Int[1, 3000]).Select((c, length) => new string(c, length))
    );

    private static readonly string[] Routes =
    [
        "/api/workflows",
        "/api/workflows/w1",
        "/api/workflows/w1/history",
        "/api/workflows/w1/history/1",
        "/api/workflows/w1/timeline",
        "/api/workflows/w1/wait",
        "/api/clusters",
        "/api/clusters/c1",
        "/api/projects",
        "/api/reports/upgrades",
        "/api/reports/runs",
        "/api/notifications/undelivered",
        "/api/health/ready",
    ];

    private static readonly string[] Names =
    [
        "format",
        "maxpagesize",
        "continuationToken",
        "from",
        "to",
        "groupBy",
        "assessment",
        "phase",
        "clusterId",
        "projectId",
        "active",
        "outcome",
        "version",
        "previous",
        "until",
        "after",
        "timeout",
        "code",
        "$filter",
        "",
        "\ud800",
    ];

    private static readonly string[] Tools =
    [
        "list_upgrades",
        "get_upgrade",
        "explain_blocker",
        "get_timeline",
        "get_upgrade_history",
        "upgrade_report",
        "upgrade_outlook",
        "needs_attention",
        "what_changed",
    ];

    private static readonly string[] Arguments =
    [
        "workflowId",
        "clusterId",
        "projectId",
        "assessment",
        "phase",
        "active",
        "limit",
        "from",
        "to",
        "continuationToken",
        "groupBy",
        "since",
        "cluster",
        "targetVersion",
        "outcome",
        "previous",
        "",
        "__proto__",
    ];

    [Fact]
    public void Any_accept_header_gets_an_offered_format_or_a_406() =>
        Gen.Select(
                Gen.OneOf(
                    Nasty,
                    Gen.Select(
                            AnyOf(
                                "application/json",
                                "text/markdown",
                                "*/*",
                                "text/*",
                                "a/b",
                                "*",
                                "application/json;q=0",
                                "text/markdown;q=1e9",
                                "*/*;q=-1",
                                ";q=0.5",
                                "application/*;q=0.001"
                            ),
                            Nasty
                        )
                        .Array[0, 9]
                        .Select(parts => string.Join(", ", parts.Select(p => p.Item1 + (p.Item2.Length % 3 == 0 ? ";" + p.Item2 : ""))))
                ),
                Gen.OneOf(Nasty, Gen.Const((string?)null)!)
            )
            .Sample(
                (accept, format) =>
                {
                    Format[] offered = [Format.Json, Format.Csv];
                    var problem = Negotiation.Choose(format is null ? StringValues.Empty : format, accept, offered, out var chosen);
                    Assert.True(problem is null ? offered.Contains(chosen) : problem.Status is 400 or 406 && chosen is null);
                }
            );

    [Fact]
    public void Any_parameter_is_read_within_its_bounds_or_refused_by_name() =>
        Gen.Select(Nasty, Nasty)
            .Sample(
                (text, other) =>
                {
                    Holds(
                        ParameterCatalog.WorkflowId.TryReadGiven(text, out var id, out var problem),
                        problem,
                        () => ResourceId.TryNormalize(id, out var again) && again == id
                    );
                    Holds(ParameterCatalog.Due.TryRead(text, out var flag, out problem), problem, () => flag is not null);
                    Holds(
                        ParameterCatalog.Outcome.TryRead(text, out var outcome, out problem),
                        problem,
                        () => outcome is { } known && Enum.IsDefined(known)
                    );
                    Holds(
                        ParameterCatalog.Assessment.TryRead(text, out var assessments, out problem),
                        problem,
                        () => assessments!.Values.All(Enum.IsDefined)
                    );
                    Holds(
                        ParameterCatalog.Phase.TryRead(text, out var values, out problem),
                        problem,
                        () => values!.Values.All(value => value.Length is > 0 and <= 256 && !value.Contains(','))
                    );
                    Holds(
                        ParameterCatalog.Since.TryRead(text, out var instant, out problem),
                        problem,
                        () => instant is { Offset.Ticks: 0 }
                    );
                    Holds(
                        TimeRange.TryRead(Values(("from", text), ("to", other)), out var range, out problem),
                        problem,
                        () => range.From < range.To
                    );
                    Holds(
                        PageParameters.TryRead(Values(("maxpagesize", text), ("continuationToken", other)), out var page, out problem),
                        problem,
                        () => page is { Size: >= 1 and <= ParameterCatalog.MaxPageSize, Token.Length: > 0 }
                    );
                }
            );

    private static ParameterValues Values(params IEnumerable<(string Name, string Text)> texts) =>
        new(texts.ToDictionary(one => one.Name, one => one.Text));

    [Fact]
    public void An_instant_means_what_it_says() =>
        Gen.Select(Gen.Long[DateTime.MinValue.AddDays(1).Ticks, DateTime.MaxValue.AddDays(-1).Ticks], Gen.Int[-14 * 60, 14 * 60])
            .Sample(
                (ticks, minutes) =>
                {
                    var meant = new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(minutes));
                    Assert.True(
                        ParameterCatalog.Since.TryRead(
                            meant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
                            out var read,
                            out _
                        )
                    );
                    Assert.Equal(meant, read);
                }
            );

    [Fact]
    public async Task No_query_of_any_route_is_a_defect()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        var known = MappedRoute.Of(app.Services.GetRequiredService<EndpointDataSource>());
        await Gen.Select(AnyOf(Routes), Gen.Select(Gen.Int[0, 100], AnyOf(Names), Nasty).Array[0, 4], Nasty)
            .SampleAsync(
                async (route, query, accept) =>
                {
                    // Mostly of what the route takes: with anything else the rest of the query is not looked at.
                    var catalogue = known.FirstOrDefault(one => one.Fits("GET", route))?.Parameters.InQuery ?? [];
                    string NameOf(int choice, string other) =>
                        catalogue.Count > 0 && choice < 95 ? catalogue[choice % catalogue.Count].Name : other;
                    var parameters = query.Select(one => $"{Escape(NameOf(one.Item1, one.Item2))}={Escape(one.Item3)}");
                    var path = $"{route}?{string.Join('&', parameters)}";
                    using var request = new HttpRequestMessage(HttpMethod.Get, path);
                    request.Headers.TryAddWithoutValidation(
                        "Accept",
                        accept.Length > 200 || accept.Any(c => c is < ' ' or > '~') ? "*/*" : accept
                    );
                    using var response = await app.Client.SendAsync(request);
                    Assert.True((int)response.StatusCode is < 500 or 503, $"{path}: {response.StatusCode}");
                    Assert.DoesNotContain("Exception", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                },
                iter: 400,
                threads: 2
            );
        Assert.DoesNotContain(app.Log.GetSnapshot(), record => record.Id.Name == "RequestFailed");
    }

    [Fact]
    public async Task No_argument_of_any_tool_is_a_defect()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await app.TrackAsync("w1");
        var values = Gen.OneOf(
            Nasty.Select(text => JsonSerializer.Serialize(text)),
            AnyOf(
                "null",
                "true",
                "[]",
                "{}",
                "0",
                "-1",
                "1e400",
                "1.5",
                "\"w1\"",
                "\"\\ud800\"",
                "\"\\udc00x\"",
                "\"\\u0000\"",
                "[[[[]]]]",
                "{\"workflowId\":\"w1\"}",
                "\"2026-11-23\"",
                "\"2026-11-22\""
            )
        );
        await Gen.Select(AnyOf(Tools), Gen.Select(AnyOf(Arguments), values).Array[0, 4])
            .SampleAsync(
                async (tool, arguments) =>
                {
                    var members = string.Join(
                        ',',
                        arguments.DistinctBy(one => one.Item1).Select(one => $"{JsonSerializer.Serialize(one.Item1)}:{one.Item2}")
                    );
                    var body =
                        $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{ {{{members}}} } } }""";
                    var answer = await PostAsync(app, body);
                    var half = body.Contains("\\ud800", StringComparison.Ordinal) || body.Contains("\\udc00", StringComparison.Ordinal);
                    Assert.True(
                        answer.Contains(half ? "half of a surrogate pair" : "\"result\"", StringComparison.Ordinal),
                        $"{body} is answered by {answer}"
                    );
                },
                iter: 400,
                threads: 2
            );
        Assert.DoesNotContain(app.Log.GetSnapshot(), record => record.Id.Name == "ToolFailed");
    }

    [Theory]
    [InlineData("""{"workflowId":"\ud800"}""", true)]
    [InlineData("""{"workflowId":"w1\udc00"}""", true)]
    [InlineData("""{"\ud800":"w1"}""", true)]
    [InlineData("""{"workflowId":"\ud83d\ude00"}""", false)]
    public async Task Half_a_surrogate_pair_is_named_as_the_mistake_that_it_is(string arguments, bool half)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        var answer = await PostAsync(
            app,
            $$$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_upgrade","arguments":{{{arguments}}} } }"""
        );
        Assert.Contains(
            half
                ? """{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"A string in this call is no Unicode: it holds half of a surrogate pair."""
                : "must be a string of",
            answer,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        """{"jsonrpc":"2.0","id":7,"\ud800":1}""",
        """ "id":7,"error":{"code":-32602,"message":"A string in this call is no Unicode"""
    )]
    [InlineData(
        """{"jsonrpc":"2.0","x":"\ud800","id":7}""",
        """ "id":7,"error":{"code":-32602,"message":"A string in this call is no Unicode"""
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":"\ud800"}""",
        """ "id":null,"error":{"code":-32602,"message":"A string in this call is no Unicode"""
    )]
    [InlineData("""[{"id":7,"x":"\ud800"}]""", """ "id":null,"error":{"code":-32602,"message":"A string in this call is no Unicode""")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"x":"\ud800", nothing""", "error")]
    public async Task The_same_holds_anywhere_in_a_call_and_a_call_that_is_not_JSON_is_a_parse_error(string call, string reported)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        var answer = await PostAsync(app, call);
        Assert.Contains(reported.TrimStart(), answer, StringComparison.Ordinal);
        Assert.DoesNotContain("InternalError", answer, StringComparison.Ordinal);
    }

    private static void Holds(bool read, Problem? problem, Func<bool> rule) =>
        Assert.True(read ? problem is null && rule() : problem is { Status: 400 });

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    // Half of a surrogate pair has no form in UTF-8, so that none could be sent.
    private static string Escape(string text) => Uri.EscapeDataString(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));

    private static async Task<string> PostAsync(ApiApp app, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/mcp")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await app.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
