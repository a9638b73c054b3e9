using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Autopilot.Api;
using Autopilot.Api.OpenApi;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Microsoft.AspNetCore.WebUtilities;

namespace Autopilot.OpenApi;

/// <summary>Makes the OpenAPI document of what the mapped routes say of themselves, with real answers as its examples.</summary>
/// <param name="routes">All of an app.</param>
/// <param name="exchanges">Real requests and their answers. The first good answer of each operation is its example, as is the first of
/// each problem.</param>
internal sealed partial class DocumentBuilder(IReadOnlyList<MappedRoute> routes, IReadOnlyList<Exchange> exchanges)
{
    private const string Json = "application/json";

    /// <summary>
    /// An absolute address: clients that are generated from a relative one ask <c>//api/workflows</c>, or nothing at all.
    /// </summary>
    private const string LocalServer = "http://127.0.0.1:7071";
    private const string ProblemJson = "application/problem+json";

    /// <summary>Longest text that an example shows whole, in characters.</summary>
    private const int MaxText = 1500;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly (string Segment, string Name, string Description)[] Tags =
    [
        (
            "workflows",
            "Workflows",
            "Upgrade workflows: what blocks, since when, why, what to do; their history; and which of them are tracked."
        ),
        ("changes", "Changes", "What changed over the fleet."),
        ("clusters", "Clusters", "Clusters whose upgrade workflows are discovered."),
        ("projects", "Projects", "Projects whose clusters are discovered."),
        ("poll", "Polling", "Reading from upstream at once."),
        ("notifications", "Notifications", "The webhooks that are notified of transitions."),
        ("retention", "Retention", "What is deleted when its time has come."),
        ("reports", "Reports", "How long upgrades take and where they fail, over the runs that have finished."),
        ("health", "Health", "For probes."),
        ("mcp", "Assistants", "For assistants that speak the Model Context Protocol."),
        ("openapi.json", "Description", "This API, described."),
    ];

    private readonly SchemaCatalog _schemas = new();
    private readonly SortedDictionary<string, JsonObject> _responses = new(StringComparer.Ordinal);

    /// <summary>The document as it is checked in.</summary>
    public static string Text(JsonObject document) => document.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";

    public JsonObject Build()
    {
        var paths = new JsonObject();
        foreach (var route in routes)
        {
            if (!paths.ContainsKey(route.Path))
            {
                paths[route.Path] = new JsonObject();
            }

            paths[route.Path]![route.Method.ToLowerInvariant()] = Operation(route);
        }

        // What an exception of a client of Kiota says.
        _schemas.Components["Problem"]["properties"]!["detail"]!["x-ms-primary-error-message"] = true;

        var used = routes.Select(TagOf).ToHashSet(StringComparer.Ordinal);
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Autopilot",
                ["version"] = ProductVersion.Number,
                ["summary"] = "Why a CCE Autopilot cluster upgrade does not move, since when, and what to do.",
                ["description"] = """
                    Watches upgrade workflows of Huawei Cloud CCE Autopilot clusters and keeps every state it saw. It answers what blocks, since when, why, what to do, and how long still.

                    - **Words.** `phase`, `status` and `type` are upstream's own; `assessment` and `reason` are ours. Words may be added (`x-extensible-enum`): take an unknown one for news, not for an error. Members may be added, too.
                    - **Values.** Instants are RFC 3339 in UTC, durations are numbers of seconds named `…Seconds`, and what is not known is left out instead of being null.
                    - **Version.** Every response of the app carries its version in `Autopilot-Version`.
                    - **HEAD** works wherever GET does.
                    - **Caching.** Send an `ETag` back as `If-None-Match`; 304 says that nothing changed. `Retry-After` on a summary says when asking again is worth it.
                    - **Links** (`nextLink`, `Location`) are path references and never carry a key.
                    - **Errors** are RFC 9457 problems with a stable `code`. In a function app, the platform answers 401 itself, without a body.
                    """,
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(
                new JsonObject
                {
                    ["url"] = LocalServer,
                    ["description"] = "A server on your own machine. Set the address of yours as the client's base URL.",
                }
            ),
            ["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() }),
            ["tags"] = new JsonArray([
                .. Tags.Where(tag => used.Contains(tag.Name))
                    .Select(tag => new JsonObject { ["name"] = tag.Name, ["description"] = tag.Description }),
            ]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["key"] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "header",
                        ["name"] = "x-functions-key",
                        ["description"] = "A function key, or a key of the server head. PUT and DELETE need one that may manage.",
                    },
                },
                ["responses"] = Sorted(_responses),
                ["schemas"] = Sorted(_schemas.Components),
            },
        };
    }

    /// <summary>What an operation can fail with: its own problems, and those of every route that is like it.</summary>
    public static SortedDictionary<int, SortedSet<string>> FailuresOf(MappedRoute route)
    {
        var failures = new SortedDictionary<int, SortedSet<string>>();
        foreach (var own in route.Failures)
        {
            Add(own.Status, own.Codes);
        }

        foreach (var (status, codes) in CommonFailures(route))
        {
            Add(status, codes);
        }

        return failures;

        void Add(int status, IEnumerable<string> codes)
        {
            if (!failures.TryGetValue(status, out var known))
            {
                failures[status] = known = new SortedSet<string>(StringComparer.Ordinal);
            }

            known.UnionWith(codes);
        }
    }

    private static IEnumerable<(int Status, string[] Codes)> CommonFailures(MappedRoute route)
    {
        yield return (400, [ProblemCode.InvalidParameter]);
        if (!route.Traits.HasFlag(RouteTraits.Anonymous))
        {
            yield return (401, [ProblemCode.Unauthorized]);
            yield return (403, [ProblemCode.Forbidden]);
            yield return (429, [ProblemCode.TooManyRequests]);
        }

        if (route.Formats.Count > 0)
        {
            yield return (406, [ProblemCode.NotAcceptable]);
        }

        if (route.Method != "GET")
        {
            yield return (413, [ProblemCode.PayloadTooLarge]);
        }

        yield return (414, [ProblemCode.QueryTooLong]);
        yield return (500, [ProblemCode.InternalError]);
        if (!route.Traits.HasFlag(RouteTraits.NeedsNoStorage))
        {
            yield return (503, [ProblemCode.StorageUnavailable, ProblemCode.ServiceUnavailable]);
        }
    }

    private static string TagOf(MappedRoute route)
    {
        var segments = route.Path.Split('/');
        return Tags.FirstOrDefault(tag => tag.Segment == segments[2]).Name
            ?? throw new InvalidOperationException($"{route.Path} has no tag: add '{segments[2]}' to {nameof(Tags)}.");
    }

    private JsonObject Operation(MappedRoute route) =>
        new JsonObject
        {
            ["operationId"] = route.Name,
            ["tags"] = new JsonArray(TagOf(route)),
            ["summary"] = route.Summary,
            ["description"] = OtherForms(route) is { } others ? $"{route.Description}\n\n{others}" : route.Description,
            ["security"] = route.Traits.HasFlag(RouteTraits.Anonymous) ? new JsonArray() : null,
            ["parameters"] = ParametersOf(route) is { Count: > 0 } parameters ? parameters : null,
            ["requestBody"] =
                route.Name == "CallMcp" ? McpBody()
                : route.Body is { } body ? BodyOf(route, body)
                : null,
            ["responses"] = ResponsesOf(route),
        }.WithoutNulls();

    private static JsonArray ParametersOf(MappedRoute route)
    {
        var parameters = new JsonArray([
            .. route.Parameters.InPath.Select(parameter => ParameterSchema.Of(parameter, "path")),
            .. route.InQuery.Select(parameter => ParameterSchema.Of(parameter, "query")),
        ]);
        if (route.IsTagged)
        {
            parameters.Add(
                new JsonObject
                {
                    ["name"] = "If-None-Match",
                    ["in"] = "header",
                    ["description"] = "An ETag that the caller has already: 304 where it is still the same.",
                    ["schema"] = new JsonObject { ["type"] = "string" },
                }
            );
        }

        return parameters;
    }

    /// <summary>The forms besides JSON, in words: a client that is generated from several types of content can read none of them.</summary>
    private static string? OtherForms(MappedRoute route)
    {
        var others = route
            .Formats.Where(format => format.MediaType != Json)
            .Select(format => $"`{format.MediaType}` (`{format.Name}`)")
            .ToList();
        return others.Count == 0
            ? null
            : $"JSON unless `Accept` names another form, or the query `format` with its short name: {string.Join(", ", others)}.";
    }

    private JsonObject BodyOf(MappedRoute route, BodyShape body)
    {
        var required = body.Members.Where(member => member.Required).Select(member => JsonValue.Create(member.Name)).ToArray();
        _schemas.Components[body.Name] = new JsonObject
        {
            ["type"] = "object",
            ["required"] = required.Length > 0 ? new JsonArray([.. required]) : null,
            ["properties"] = new JsonObject(
                body.Members.Select(member => KeyValuePair.Create(member.Name, (JsonNode?)ParameterSchema.OfMember(member)))
            ),
            ["additionalProperties"] = false,
            ["description"] = "A member that is not known is refused and not ignored, so that a misspelt one is noticed.",
        }.WithoutNulls();
        var sent =
            exchanges
                .FirstOrDefault(exchange => exchange.Operation == route.Name && exchange.Status is 200 or 201 && exchange.Sent is not null)
                ?.Sent
            ?? "{}";
        return new JsonObject
        {
            ["required"] = body.Required,
            ["content"] = new JsonObject
            {
                [Json] = new JsonObject
                {
                    ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{body.Name}" },
                    ["example"] = JsonNode.Parse(sent),
                },
            },
        };
    }

    private JsonObject McpBody() =>
        new()
        {
            ["required"] = true,
            ["content"] = new JsonObject
            {
                [Json] = new JsonObject
                {
                    ["schema"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["description"] = "A message of JSON-RPC 2.0. Accept must name both application/json and text/event-stream.",
                        ["required"] = new JsonArray("jsonrpc", "method"),
                        ["properties"] = new JsonObject
                        {
                            ["jsonrpc"] = new JsonObject { ["const"] = "2.0" },
                            ["id"] = new JsonObject { ["type"] = new JsonArray("string", "integer") },
                            ["method"] = new JsonObject { ["type"] = "string" },
                            ["params"] = new JsonObject { ["type"] = "object" },
                        },
                    },
                    ["example"] = JsonNode.Parse(exchanges.First(exchange => exchange is { Operation: "CallMcp", Status: 200 }).Sent!),
                },
            },
        };

    private JsonObject ResponsesOf(MappedRoute route)
    {
        var responses = new SortedDictionary<int, JsonObject>();
        foreach (var answer in route.Answers)
        {
            responses[answer.Status] = route.Name == "CallMcp" ? McpAnswer(answer) : AnswerOf(route, answer);
        }

        if (route.Name == "CallMcp")
        {
            responses[400] = McpRefusal("The message cannot be read: an error of JSON-RPC, or a problem.", 400);
            responses[406] = McpRefusal("Accept does not name both application/json and text/event-stream.", 406);
        }

        if (route.IsTagged)
        {
            responses[304] = Shared(
                "304-NotModified",
                () =>
                    new JsonObject
                    {
                        ["description"] = "Not modified: what the caller has is still right.",
                        ["headers"] = new JsonObject { ["ETag"] = Tag(), ["Cache-Control"] = Caching() },
                    }
            );
        }

        foreach (var (status, codes) in FailuresOf(route))
        {
            if (!responses.ContainsKey(status))
            {
                responses[status] = Shared($"{status}-{string.Join('-', codes)}", () => ProblemOf(status, codes));
            }
        }

        return new JsonObject(
            responses.Select(response =>
                KeyValuePair.Create(response.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)response.Value)
            )
        );
    }

    private JsonObject Shared(string name, Func<JsonObject> make)
    {
        if (!_responses.ContainsKey(name))
        {
            _responses[name] = make();
        }

        return new JsonObject { ["$ref"] = $"#/components/responses/{name}" };
    }

    private JsonObject AnswerOf(MappedRoute route, DescribedResponse answer)
    {
        if (answer.Type is null)
        {
            return new JsonObject { ["description"] = answer.Description };
        }

        var example =
            exchanges
                .FirstOrDefault(exchange =>
                    exchange.Operation == route.Name
                    && exchange.Method != "HEAD"
                    && exchange.Status == answer.Status
                    && exchange.MediaType == Json
                )
                ?.Body
            ?? throw new InvalidOperationException($"No request got an answer of {route.Name} with status {answer.Status} as JSON.");
        var content = new JsonObject
        {
            [Json] = new JsonObject
            {
                ["schema"] = _schemas.Of(answer.Type),
                // This document within itself would have no end.
                ["example"] = route.Name == "GetOpenApi" ? new JsonObject { ["openapi"] = "3.1.1" } : JsonNode.Parse(example),
            },
        };
        var headers = new JsonObject();
        if (route.IsTagged)
        {
            (headers["ETag"], headers["Cache-Control"]) = (Tag(), Caching());
        }

        if (answer.RetryAfter)
        {
            headers["Retry-After"] = Wait(
                "Seconds to the next poll, while the workflow can still change: asking before shows nothing new."
            );
        }

        if (answer.Status == 201)
        {
            headers["Location"] = new JsonObject
            {
                ["description"] = "Path of what was made.",
                ["required"] = true,
                ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "uri-reference" },
            };
        }

        return new JsonObject
        {
            ["description"] = answer.Description,
            ["headers"] = headers.Count > 0 ? headers : null,
            ["content"] = content,
        }.WithoutNulls();
    }

    private JsonObject McpAnswer(DescribedResponse answer) =>
        new()
        {
            ["description"] = answer.Description,
            ["content"] = new JsonObject
            {
                ["text/event-stream"] = new JsonObject
                {
                    ["schema"] = new JsonObject { ["type"] = "string" },
                    ["example"] = Shortened(
                        exchanges.First(exchange => exchange is { Operation: "CallMcp", Status: 200, MediaType: not Json }).Body
                    ),
                },
                [Json] = new JsonObject
                {
                    ["schema"] = new JsonObject { ["type"] = "object" },
                    ["example"] = JsonNode.Parse(
                        exchanges.First(exchange => exchange is { Operation: "CallMcp", Status: 200, MediaType: Json }).Body
                    ),
                },
            },
        };

    private JsonObject McpRefusal(string description, int status) =>
        new()
        {
            ["description"] = description,
            ["content"] = new JsonObject(
                exchanges
                    .Where(exchange => exchange.Operation == "CallMcp" && exchange.Status == status)
                    .DistinctBy(exchange => exchange.MediaType)
                    .Select(exchange =>
                        KeyValuePair.Create(
                            exchange.MediaType!,
                            (JsonNode?)
                                new JsonObject
                                {
                                    ["schema"] =
                                        exchange.MediaType == ProblemJson
                                            ? _schemas.Of(typeof(ProblemBody))
                                            : new JsonObject { ["type"] = "object" },
                                    ["example"] = WithoutTrace(exchange.Body),
                                }
                        )
                    )
            ),
        };

    private JsonObject ProblemOf(int status, SortedSet<string> codes)
    {
        var examples = new JsonObject();
        foreach (var code in codes)
        {
            if (exchanges.FirstOrDefault(exchange => exchange.Status == status && exchange.Code == code) is { } exchange)
            {
                examples[code] = new JsonObject { ["value"] = WithoutTrace(exchange.Body) };
            }
        }

        return new JsonObject
        {
            ["description"] = $"{ReasonPhrases.GetReasonPhrase(status)}: {string.Join(", ", codes.Select(code => $"`{code}`"))}.",
            ["x-extensible-enum"] = new JsonArray([.. codes.Select(code => JsonValue.Create(code))]),
            ["headers"] = status is 429 or 503
                ? new JsonObject { ["Retry-After"] = Wait("Seconds until it is worth trying again.") }
                : null,
            ["content"] = new JsonObject
            {
                [ProblemJson] = new JsonObject
                {
                    // One schema for all: with a narrower one for each answer some generators make a class for each, or lose the code.
                    ["schema"] = _schemas.Of(typeof(ProblemBody)),
                    ["examples"] = examples,
                },
            },
        }.WithoutNulls();
    }

    private static JsonObject Tag() =>
        new()
        {
            ["description"] = "Changes with what a reader would see. Not of what is streamed.",
            ["schema"] = new JsonObject { ["type"] = "string" },
        };

    private static JsonObject Caching() =>
        new()
        {
            ["description"] = "Of a finished workflow an hour, else asked for again every time.",
            ["schema"] = new JsonObject { ["type"] = "string" },
        };

    private static JsonObject Wait(string description) =>
        new()
        {
            ["description"] = description,
            ["schema"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
        };

    private static JsonObject Sorted(SortedDictionary<string, JsonObject> members) =>
        new(members.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)member.Value)));

    private static string Shortened(string text) => text.Length <= MaxText ? text : $"{text[..MaxText]}…";

    private static JsonNode? WithoutTrace(string body) =>
        JsonNode.Parse(TraceId().Replace(body, "\"traceId\":\"0af7651916cd43dd8448eb211c80319c\""));

    [GeneratedRegex("\"traceId\":\"[^\"]*\"")]
    private static partial Regex TraceId();
}
