using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Autopilot.EndToEnd.Tests.WireNames;

/// <summary>
/// Holds every name that others know against <c>Golden/wire-names.txt</c>: no renamed type or member of the code may change one. The
/// names are taken from the built assemblies and a
/// running server, never by the name of a type, so that a renamed type leaves the file as it is. <c>UPDATE_GOLDEN=1</c> writes it; a line
/// that is gone breaks a caller, a row or a dashboard.
/// </summary>
public sealed partial class WireNameTests
{
    private static readonly string[] Sources =
    [
        "Autopilot.Api",
        "Autopilot.Cce",
        "Autopilot.Core",
        "Autopilot.Formats",
        "Autopilot.Functions",
        "Autopilot.Hosting",
        "Autopilot.Notifications",
        "Autopilot.Pages",
        "Autopilot.Server",
        "Autopilot.Storage",
    ];

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly IReadOnlyList<Assembly> Assemblies = [.. Sources.Select(Assembly.Load)];

    [Fact]
    public async Task Names_that_others_know_never_change()
    {
        var lines = Settings()
            .Concat(Json())
            .Concat(Storage())
            .Concat(Telemetry())
            .Concat(LogEvents())
            .Concat(Functions())
            .Concat(ProblemCodes())
            .Concat(Headers())
            .Concat(EventTypes())
            .Concat(Words())
            .Concat(Routes())
            .Concat(await ToolsAsync())
            .ToList();

        foreach (
            var kind in new[]
            {
                "setting",
                "setting word",
                "json",
                "column",
                "row key",
                "metric",
                "tag",
                "activity",
                "meter or source",
                "log event",
                "function",
                "problem code",
                "header",
                "event type",
                "queue",
                "words",
                "route",
                "parameter",
                "enum",
                "tool",
            }
        )
        {
            Assert.Contains(lines, line => line.StartsWith($"{kind} ", StringComparison.Ordinal));
        }

        Golden.Matches("wire-names.txt", string.Join('\n', lines.Distinct().Order(StringComparer.Ordinal)) + "\n");
    }

    private static IEnumerable<string> Settings() =>
        HostSettings
            .Names.Select(name => $"setting {name}")
            .Concat(
                HostSettings
                    .Allowed.Where(one => one.Value.StartsWith("one of ", StringComparison.Ordinal))
                    .Select(one => $"setting word {one.Key}: {one.Value["one of ".Length..]}")
            );

    private static IEnumerable<string> Json() =>
        from assembly in Assemblies
        from shape in JsonShapes.Of(assembly)
        select $"json {assembly.GetName().Name}\n{shape}";

    private static IEnumerable<string> Storage()
    {
        // What reads rows of one kind has a set of the columns that it knows, and the kind's word.
        var formats = (
            from type in Assembly.Load("Autopilot.Storage").GetTypes()
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            where !type.ContainsGenericParameters && field.FieldType.Assembly == type.Assembly && field.FieldType.IsGenericType
            let format = field.GetValue(null)
            from set in field.FieldType.GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            where set.FieldType.IsAssignableTo(typeof(IEnumerable<string>))
            let kind = field
                .FieldType.GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
                .Single(one => one.FieldType.IsEnum)
                .GetValue(format)
            from column in (IEnumerable<string>)set.GetValue(format)!
            select $"column {kind}: {column}"
        ).ToList();
        var calls = IlReader.Calls(Assembly.Load("Autopilot.Storage")).ToList();
        var literals = calls.SelectMany(call => call.Literals).Distinct().ToList();
        return formats
            .Concat(
                calls
                    .Where(call =>
                        call is { Called: ConstructorInfo made, Literals.Count: 2 }
                        && made.DeclaringType?.Assembly.GetName().Name == "Autopilot.Storage"
                        && call.Literals.All(literal => Key().IsMatch(literal))
                    )
                    .Select(call => $"row key {string.Join('/', call.Literals)}")
            )
            .Concat(literals.Where(literal => RowKey().IsMatch(literal)).Select(literal => $"row key {literal}"))
            .Concat(literals.Where(literal => Column().IsMatch(literal)).Select(literal => $"storage word {literal}"))
            .Concat(literals.Where(literal => Queue().IsMatch(literal)).Select(literal => $"queue {literal}"));
    }

    private static IEnumerable<string> Telemetry()
    {
        foreach (var (called, literals, _) in Assemblies.SelectMany(IlReader.Calls))
        {
            var (type, name) = (called?.DeclaringType, called?.Name);
            if (type is null || literals.Count == 0)
            {
                continue;
            }

            if (
                type.Namespace == "System.Diagnostics.Metrics"
                && name!.StartsWith("Create", StringComparison.Ordinal)
                && literals.Any(literal => literal.StartsWith("autopilot.", StringComparison.Ordinal))
            )
            {
                var parts = literals.Where(literal =>
                    literal.StartsWith("autopilot.", StringComparison.Ordinal) || Unit().IsMatch(literal)
                );
                yield return $"metric {string.Join(' ', parts)}";
            }
            else if (type.FullName == "System.Diagnostics.ActivitySource" && name == "StartActivity")
            {
                yield return $"activity {literals[^1]}";
            }
            else if (
                (type.FullName == "System.Diagnostics.Activity" && name == "SetTag")
                || type.FullName == "System.Diagnostics.TagList"
                || (
                    type.IsGenericType
                    && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
                    && type.GetGenericArguments()[1] == typeof(object)
                )
            )
            {
                yield return $"tag {literals[0]}";
            }
        }

        foreach (
            var literal in Assemblies
                .SelectMany(IlReader.Calls)
                .SelectMany(call => call.Literals)
                .Where(literal => literal.StartsWith("autopilot.", StringComparison.Ordinal))
        )
        {
            yield return $"telemetry {literal}";
        }

        foreach (var (metric, tags) in MetricCatalog.Read(Repository.Text("docs/server.md")))
        {
            yield return $"metric {metric} by {string.Join(", ", tags.Order(StringComparer.Ordinal))}";
        }

        foreach (var name in Hosting.AutopilotTelemetry.MeterNames.Append(Hosting.AutopilotTelemetry.SourceName))
        {
            yield return $"meter or source {name}";
        }
    }

    private static IEnumerable<string> LogEvents() =>
        from name in Sources
        from method in Methods(name)
        from attribute in method.GetCustomAttributes<LoggerMessageAttribute>()
        select $"log event {attribute.EventId} {attribute.EventName ?? method.Name}";

    private static IEnumerable<string> Functions() =>
        from method in Methods("Autopilot.Functions")
        from function in method.GetCustomAttributes<FunctionAttribute>()
        from binding in method
            .GetParameters()
            .SelectMany(parameter => parameter.GetCustomAttributes())
            .Where(attribute => attribute.GetType().Namespace == typeof(FunctionAttribute).Namespace)
        let values = binding
            .GetType()
            .GetProperties()
            .Where(property => property.Name != "TypeId")
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => (property.Name, Value: property.GetValue(binding)))
            .Where(property => property.Value is not null)
            .Select(property => $"{property.Name}={(property.Value is string[] list ? string.Join(',', list) : property.Value)}")
        select $"function {function.Name}: {string.Join(' ', values)}";

    /// <summary>The codes stand in a class of nothing but public constants, each a word.</summary>
    private static IEnumerable<string> ProblemCodes() =>
        from type in Assembly.Load("Autopilot.Api").GetExportedTypes()
        let fields = type.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where fields.Length > 10 && fields.All(field => field.IsLiteral && field.FieldType == typeof(string))
        from field in fields
        select $"problem code {field.GetRawConstantValue()}";

    private static IEnumerable<string> Headers() =>
        from literal in Assemblies.SelectMany(IlReader.Calls).SelectMany(call => call.Literals)
        where Header().IsMatch(literal)
        select $"header {literal}";

    private static IEnumerable<string> EventTypes() =>
        from literal in Assemblies.SelectMany(IlReader.Calls).SelectMany(call => call.Literals)
        where literal.StartsWith("io.github.", StringComparison.Ordinal)
        select $"event type {literal}";

    /// <summary>The words of each enum of ours that is turned into text or read from it: in a row, a setting, a query, a tag.</summary>
    private static IEnumerable<string> Words() =>
        from call in Assemblies.SelectMany(IlReader.Calls)
        let converted = call is { Called.Name: "ToString", Constrained: { } constrained } ? constrained
        : call.Called is MethodInfo { IsGenericMethod: true } method
        && (method.DeclaringType == typeof(Enum) || method.DeclaringType?.Assembly.GetName().Name == "Autopilot.Storage")
            ? method.GetGenericArguments()[0]
        : null
        where converted is { IsEnum: true } && converted.Assembly.GetName().Name!.StartsWith("Autopilot.", StringComparison.Ordinal)
        select $"words {string.Join(" | ", Enum.GetNames(converted))}";

    /// <summary>Routes, parameters and enums as the API describes them.</summary>
    private static IEnumerable<string> Routes()
    {
        using var stream = Assembly.Load("Autopilot.Api").GetManifestResourceStream("openapi.json")!;
        var document = JsonNode.Parse(stream)!;
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject().Where(one => one.Value is JsonObject))
            {
                var statuses = string.Join(", ", operation!["responses"]!.AsObject().Select(answer => answer.Key));
                yield return $"route {method.ToUpperInvariant()} {path}: {operation["operationId"]} answers {statuses}";
                foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
                {
                    yield return $"parameter {method.ToUpperInvariant()} {path} {parameter!["in"]} {parameter["name"]}";
                }
            }
        }

        foreach (var words in Enums(document))
        {
            yield return $"enum {words}";
        }
    }

    private static IEnumerable<string> Enums(JsonNode? node) =>
        node switch
        {
            JsonObject all => all.SelectMany(one =>
                one is { Key: "enum", Value: JsonArray words }
                    ? [string.Join(" | ", words.Select(word => word?.ToString()))]
                    : Enums(one.Value)
            ),
            JsonArray all => all.SelectMany(Enums),
            _ => [],
        };

    private static async Task<IEnumerable<string>> ToolsAsync()
    {
        await using var server = HostSettings.Server([]);
        await server.StartAsync();
        using var client = new System.Net.Http.HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        using var request = new System.Net.Http.HttpRequestMessage(System.Net.Http.HttpMethod.Post, "/api/mcp")
        {
            Content = JsonContent.Create(
                new
                {
                    jsonrpc = "2.0",
                    id = 1,
                    method = "tools/list",
                }
            ),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        var answer = JsonNode.Parse(body.Split("data: ")[^1])!;
        return from tool in answer["result"]!["tools"]!.AsArray()
            let parameters = tool["inputSchema"]!
                ["properties"]
                ?.AsObject()
                .Select(parameter => $"{parameter.Key}{string.Concat(Enums(parameter.Value).Select(words => $" ({words})"))}")
                ?? []
            select $"tool {tool["name"]}: {string.Join(", ", parameters)}";
    }

    private static IEnumerable<MethodInfo> Methods(string assembly) =>
        Assembly.Load(assembly).GetTypes().SelectMany(type => type.GetMethods(Declared));

    [GeneratedRegex(@"^[a-z]{1,2}\|{1,2}$")]
    private static partial Regex RowKey();

    [GeneratedRegex("^[a-z]+$")]
    private static partial Regex Key();

    [GeneratedRegex("^[A-Z][A-Za-z]*$")]
    private static partial Regex Column();

    [GeneratedRegex("^autopilot-[a-z-]+$")]
    private static partial Regex Queue();

    [GeneratedRegex(@"^(\{[a-z-]+\}|s|By|1)$")]
    private static partial Regex Unit();

    [GeneratedRegex("^(Autopilot-|X-Autopilot-|x-functions-key$|webhook-|WebHook-)[A-Za-z-]*$")]
    private static partial Regex Header();
}
