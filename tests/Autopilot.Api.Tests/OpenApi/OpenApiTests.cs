using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Autopilot.Api.Parameters;
using Autopilot.Core.Rows;
using Autopilot.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Tests.OpenApi;

/// <summary>The OpenAPI document, the mapped routes and the real answers say the same.</summary>
public sealed class OpenApiTests(AzuriteFixture azurite)
{
    private static readonly NodeFolder Node = new("Autopilot.Api.Tests", "OpenApi", "client");
    private static readonly string CheckedIn = Repository.PathOf("src", "Autopilot.Api", "OpenApi", "openapi.json");
    private static readonly Lock Once = new();
    private static Task<SampleSession>? _tour;
    private static Task<JsonElement>? _judgement;

    [Fact]
    public async Task The_document_that_is_checked_in_is_what_the_routes_say_of_themselves()
    {
        var made = await MakeAsync();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(CheckedIn, made, TestContext.Current.CancellationToken);
        }

        var known = await File.ReadAllTextAsync(CheckedIn, TestContext.Current.CancellationToken);
        Assert.True(
            made == known,
            $"""
            src/Autopilot.Api/OpenApi/openapi.json is not what the routes say of themselves. Run this test with UPDATE_GOLDEN=1 in the environment and read the difference.
            {FirstDifference(known, made)}
            """
        );
    }

    [Fact]
    public async Task Each_member_of_an_answer_is_described_by_the_comment_at_its_property() =>
        Assert.Empty(
            (await DocumentAsync())["components"]!["schemas"]!
                .AsObject()
                .SelectMany(schema =>
                    (schema.Value!["properties"]?.AsObject() ?? [])
                        .Where(property => property.Value!["description"] is null)
                        .Select(property => $"{schema.Key}.{property.Key}")
                )
        );

    [Fact]
    public async Task The_document_has_every_mapped_route_with_its_methods_and_no_other()
    {
        await using var app = await SampleSession.StartAsync(azurite);
        var mapped = app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                endpoint
                    .Metadata.GetRequiredMetadata<IHttpMethodMetadata>()
                    .HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/')}")
            )
            .Order(StringComparer.Ordinal);

        var described = (await DocumentAsync())["paths"]!
            .AsObject()
            // The document says once that HEAD works wherever GET does.
            .SelectMany(path =>
                path.Value!.AsObject()
                    .SelectMany(method =>
                        method.Key == "get" && path.Key != "/api/mcp"
                            ? [$"GET {path.Key}", $"HEAD {path.Key}"]
                            : new[] { $"{method.Key.ToUpperInvariant()} {path.Key}" }
                    )
            )
            .Order(StringComparer.Ordinal);

        Assert.Equal(mapped, described);
    }

    [Fact]
    public async Task The_document_has_exactly_the_parameters_that_each_operation_binds_and_checks()
    {
        await using var app = await SampleSession.StartAsync(azurite);
        var paths = (await DocumentAsync())["paths"]!;
        foreach (var route in MappedRoute.Of(app.Services.GetRequiredService<EndpointDataSource>()))
        {
            var described = (paths[route.Path]![route.Method.ToLowerInvariant()]!["parameters"] as JsonArray ?? [])
                .Where(parameter => parameter!["in"]!.GetValue<string>() == "query")
                .Select(parameter => $"{parameter!["name"]}{(parameter["schema"]!["type"]!.GetValue<string>() == "array" ? "[]" : "")}");
            Assert.Equal(
                (
                    route.Name,
                    string.Join(
                        ' ',
                        route
                            .InQuery.Select(parameter => $"{parameter.Name}{(parameter.Several ? "[]" : "")}")
                            .Order(StringComparer.Ordinal)
                    )
                ),
                (route.Name, string.Join(' ', described.Order(StringComparer.Ordinal)))
            );
        }
    }

    [Fact]
    public async Task Every_operation_reads_each_parameter_of_the_query_that_it_takes()
    {
        await using var app = await SampleSession.StartAsync(azurite);
        foreach (var route in MappedRoute.Of(app.Services.GetRequiredService<EndpointDataSource>()))
        {
            var path = route.Parameters.InPath.Aggregate(
                route.Path,
                (text, part) => text.Replace($"{{{part.Name}}}", "1", StringComparison.Ordinal)
            );
            // Whatever a webhook is called may be asked for, and a format is chosen before a handler runs.
            foreach (
                var parameter in route.Parameters.InQuery.Where(parameter =>
                    parameter != ParameterCatalog.Webhook && parameter != ParameterCatalog.Format
                )
            )
            {
                var wrong = parameter is { Kind: ParameterKind.Text, Several: false } ? "" : "!,,!";
                var others = route.Parameters.InQuery.Where(other => other.Required && other != parameter);
                var query = $"{parameter.Name}={wrong}{string.Concat(others.Select(other => $"&{other.Name}={other.Example}"))}";
                using var request = new HttpRequestMessage(new HttpMethod(route.Method), $"{path}?{query}");
                using var response = await app.Client.SendAsync(request);
                Assert.Equal((route.Name, query, 400), (route.Name, query, (int)response.StatusCode));
                var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
                Assert.Contains($"'{parameter.Name}'", problem.Text("detail"), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Every_answer_that_the_document_promises_was_given_by_the_app()
    {
        var tour = await TourAsync();
        var seen = tour.Exchanges.Select(exchange => (exchange.Operation, exchange.Status, exchange.Code)).ToHashSet();
        var missing = new List<string>();
        foreach (var route in tour.Routes)
        {
            missing.AddRange(
                route
                    .Answers.Where(answer => !seen.Contains((route.Name, answer.Status, null)))
                    .Select(answer => $"{route.Name} {answer.Status}")
            );
            missing.AddRange(
                route.Failures.SelectMany(failure =>
                    failure
                        .Codes.Where(code => !seen.Contains((route.Name, failure.Status, code)))
                        .Select(code => $"{route.Name} {failure.Status} {code}")
                )
            );
            if (route.IsTagged && !seen.Contains((route.Name, 304, null)))
            {
                missing.Add($"{route.Name} 304");
            }
        }

        // What every route has in common is enough to be seen once.
        missing.AddRange(
            tour.Routes.SelectMany(DocumentBuilder.FailuresOf)
                .SelectMany(failure => failure.Value.Select(code => (Status: failure.Key, Code: code)))
                .Distinct()
                .Where(failure => !tour.Exchanges.Any(exchange => exchange.Status == failure.Status && exchange.Code == failure.Code))
                .Select(failure => $"any {failure.Status} {failure.Code}")
        );
        Assert.True(missing.Count == 0, $"Nothing in {nameof(SampleSession)} makes the app answer: {string.Join(", ", missing)}.");
    }

    [Fact]
    public async Task Every_real_answer_is_as_the_document_says()
    {
        var mistakes = (await JudgementAsync()).GetProperty("mistakes").EnumerateArray().Select(mistake => mistake.GetString()).ToList();
        Assert.True(mistakes.Count == 0, string.Join('\n', mistakes));
    }

    [Fact]
    public async Task The_document_meets_the_recommended_rules_of_Redocly()
    {
        var findings = (await JudgementAsync()).GetProperty("lint").EnumerateArray().Select(finding => finding.GetString()).ToList();
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Fact]
    public async Task The_app_serves_the_document_with_a_tag_and_needs_no_storage_for_it()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));
        using var response = await app.GetAsync("/api/openapi.json");
        Assert.Equal(
            await File.ReadAllTextAsync(CheckedIn, TestContext.Current.CancellationToken),
            (await response.JsonAsync()).GetRawText() + "\n"
        );
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json");
        again.Headers.Add("If-None-Match", response.Header("ETag"));
        using var same = await app.Client.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Fact]
    public async Task Only_health_needs_no_key_and_each_operation_has_a_name_and_examples()
    {
        var operations = (await DocumentAsync())["paths"]!
            .AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => (Path: path.Key, Operation: method.Value!.AsObject())))
            .ToList();
        Assert.All(
            operations,
            operation =>
                Assert.Equal(
                    operation.Path.StartsWith("/api/health/", StringComparison.Ordinal),
                    operation.Operation["security"] is JsonArray { Count: 0 }
                )
        );
        Assert.Equal(
            operations.Count,
            operations.Select(operation => operation.Operation["operationId"]!.GetValue<string>()).Distinct().Count()
        );
        var bodies = operations
            .SelectMany(operation =>
                operation.Operation["responses"]!
                    .AsObject()
                    .Select(response => response.Value!["content"])
                    .Append(operation.Operation["requestBody"]?["content"])
            )
            .Concat((await DocumentAsync())["components"]!["responses"]!.AsObject().Select(response => response.Value!["content"]))
            .OfType<JsonObject>()
            .SelectMany(content => content);
        Assert.All(
            bodies,
            body =>
                Assert.True(
                    body.Value!["example"] is not null || body.Value["examples"] is JsonObject { Count: > 0 },
                    body.Value.ToJsonString()
                )
        );
    }

    [Fact]
    public async Task An_operation_with_a_JSON_form_offers_that_alone_and_names_the_others_in_words()
    {
        await using var app = await SampleSession.StartAsync(azurite);
        var paths = (await DocumentAsync())["paths"]!;
        var withOthers = MappedRoute
            .Of(app.Services.GetRequiredService<EndpointDataSource>())
            .Where(route => route.Formats.Count > 1)
            .ToList();
        Assert.True(withOthers.Count > 5, $"Only {withOthers.Count} routes have several forms.");
        Assert.All(
            withOthers,
            route =>
            {
                var operation = paths[route.Path]![route.Method.ToLowerInvariant()]!;
                var good = operation["responses"]!
                    .AsObject()
                    .Where(response => response.Key[0] == '2')
                    .Select(response => response.Value!["content"])
                    .OfType<JsonObject>();
                Assert.All(good, content => Assert.Equal(["application/json"], content.Select(type => type.Key)));
                Assert.DoesNotContain(
                    "format",
                    (operation["parameters"] as JsonArray ?? []).Select(parameter => parameter!["name"]!.GetValue<string>())
                );
                Assert.All(
                    route.Formats.Skip(1),
                    format =>
                        Assert.Contains(
                            $"`{format.MediaType}` (`{format.Name}`)",
                            operation["description"]!.GetValue<string>(),
                            StringComparison.Ordinal
                        )
                );
            }
        );
    }

    [Fact]
    public async Task The_key_goes_into_the_header_only_and_the_address_is_absolute()
    {
        var document = await DocumentAsync();
        var scheme = Assert.Single(document["components"]!["securitySchemes"]!.AsObject());
        Assert.Equal(("key", "header"), (scheme.Key, scheme.Value!["in"]!.GetValue<string>()));
        Assert.Equal("""[{"key":[]}]""", document["security"]!.ToJsonString());
        Assert.True(
            Uri.TryCreate(document["servers"]![0]!["url"]!.GetValue<string>(), UriKind.Absolute, out var address)
                && address.Scheme == "http",
            "The address is not absolute."
        );
    }

    [Fact]
    public async Task TypeScript_clients_made_from_the_document_compile_and_work_as_does_the_cookbook()
    {
        await using var app = await SampleSession.StartAsync(azurite);
        app.Upstream.Says(Upstream.Failed);
        await using var server = await SampleSession.StartServerAsync(azurite, 1000);
        var input = new JsonObject
        {
            ["document"] = await File.ReadAllTextAsync(CheckedIn, TestContext.Current.CancellationToken),
            ["cookbook"] = await File.ReadAllTextAsync(Repository.PathOf("docs", "cookbook.md"), TestContext.Current.CancellationToken),
            ["calls"] = new JsonArray(
                new JsonArray(app.Client.BaseAddress!.ToString(), null, "w1", ApiApp.Cluster),
                new JsonArray(server.Urls.Single(), null, "w1", ApiApp.Cluster),
                new JsonArray(server.Urls.Single(), SampleSession.ApiKey, "w1", ApiApp.Cluster)
            ),
        };

        var answers = JsonDocument.Parse(await Node.RunAsync("run.mjs", input.ToJsonString())).RootElement;

        Assert.Equal(
            """
            {"tracked":"201 true","polled":"w1 Blocked TaskFailed 3","list":["w1 Blocked TaskFailed 3"],"one":"w1 Blocked TaskFailed 3","again":304,"history":["1 true"],
            "report":["all 0"],"sheet":"workflowId","missing":"404 not known false","refused":"400 InvalidParameter","incomplete":"400 InvalidBody","misspelt":"undefined",
            "byHeyApi":"w1 Blocked goes on, 1 listed, 404 WorkflowNotFound"}
            """.ReplaceLineEndings(""),
            answers[0].GetRawText()
        );
        Assert.StartsWith("401 Unauthorized: ", answers[1].Text("tracked"), StringComparison.Ordinal);
        Assert.StartsWith("403 Forbidden: ", answers[2].Text("tracked"), StringComparison.Ordinal);
    }

    private async Task<string> MakeAsync()
    {
        var session = await TourAsync();
        return DocumentBuilder.Text(new DocumentBuilder(session.Routes, session.Exchanges).Build());
    }

    private static async Task<JsonObject> DocumentAsync() =>
        JsonNode.Parse(await File.ReadAllTextAsync(CheckedIn, TestContext.Current.CancellationToken))!.AsObject();

    // The whole of it takes a few seconds, and four tests look at it from four sides.
    private Task<SampleSession> TourAsync()
    {
        lock (Once)
        {
            return _tour ??= SampleSession.MakeAsync(azurite);
        }
    }

    private Task<JsonElement> JudgementAsync()
    {
        lock (Once)
        {
            return _judgement ??= JudgeAsync();
        }

        async Task<JsonElement> JudgeAsync()
        {
            var input = new JsonObject
            {
                ["document"] = await File.ReadAllTextAsync(CheckedIn, TestContext.Current.CancellationToken),
                ["exchanges"] = JsonSerializer.SerializeToNode((await TourAsync()).Exchanges, JsonSerializerOptions.Web),
            };
            return JsonDocument.Parse(await Node.RunAsync("check.mjs", input.ToJsonString())).RootElement;
        }
    }

    private static string FirstDifference(string known, string made)
    {
        var (left, right) = (known.Split('\n'), made.Split('\n'));
        var line = Enumerable.Range(0, Math.Min(left.Length, right.Length)).FirstOrDefault(index => left[index] != right[index]);
        return $"Line {line + 1} is {left[line].Trim()} and should be {right[line].Trim()}";
    }
}
