using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Autopilot.Api.Parameters;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Mcp;

/// <summary>
/// The arguments of a tool's call: their schema, and the check that they keep it. The SDK would ignore an argument that it does not know,
/// and answer one of another type with no reason.
/// </summary>
internal static class ToolArguments
{
    /// <summary>The input schema of a tool.</summary>
    public static JsonElement SchemaOf(IReadOnlyList<Parameter> parameters)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(
                parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)SchemaOf(parameter)))
            ),
            ["required"] = new JsonArray([
                .. parameters.Where(parameter => parameter.Required).Select(parameter => JsonValue.Create(parameter.Name)),
            ]),
            ["additionalProperties"] = false,
        };
        using var document = JsonDocument.Parse(schema.ToJsonString());
        return document.RootElement.Clone();
    }

    /// <summary>What an argument means: its kind and its default are said in words, since the schema of few clients shows them.</summary>
    public static string DescriptionOf(Parameter parameter) =>
        parameter.Description
        + (parameter.Kind is ParameterKind.Instant ? " RFC 3339 such as 2026-11-23T08:00:00Z, or a date." : "")
        + (parameter is { Several: true, Words.Count: 0 } ? " Several are separated by commas." : "")
        + (parameter.Default is { } otherwise ? $" If left out: {otherwise}." : "");

    /// <summary>Reads the arguments of a call.</summary>
    /// <param name="tool">The tool's name, for messages.</param>
    /// <param name="parameters">What it takes.</param>
    /// <param name="given">As they came; null for none.</param>
    /// <param name="values">As a query of the HTTP route would have them.</param>
    /// <param name="mistake">What is wrong, as a sentence; empty where nothing is.</param>
    public static bool TryRead(
        string tool,
        IReadOnlyList<Parameter> parameters,
        IDictionary<string, JsonElement>? given,
        out ParameterValues values,
        out string mistake
    )
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        (values, mistake) = (new ParameterValues(texts), "");
        foreach (var (name, value) in given ?? new Dictionary<string, JsonElement>())
        {
            if (parameters.FirstOrDefault(parameter => parameter.Name == name) is not { } parameter)
            {
                mistake = Unknown(tool, parameters, name);
            }
            else if (value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }
            else if (TextOf(parameter, value) is { } text)
            {
                texts[name] = text;
            }
            else
            {
                mistake = $"'{name}' must be {RuleOf(parameter)}.";
            }

            if (mistake.Length > 0)
            {
                return false;
            }
        }

        if (parameters.FirstOrDefault(parameter => parameter.Required && !texts.ContainsKey(parameter.Name)) is { } missing)
        {
            mistake =
                $"'{missing.Name}' is missing. "
                + (missing.Kind is ParameterKind.Reference ? "Call list_upgrades to find ids." : missing.Description);
        }

        return mistake.Length == 0;
    }

    private static JsonObject SchemaOf(Parameter parameter)
    {
        var schema = new JsonObject
        {
            ["type"] = parameter.Kind switch
            {
                ParameterKind.Number => "integer",
                ParameterKind.Flag => "boolean",
                _ => "string",
            },
            ["description"] = DescriptionOf(parameter),
        };
        switch (parameter.Kind)
        {
            case ParameterKind.Flag:
                break;
            case ParameterKind.Word:
                schema["enum"] = new JsonArray([.. parameter.Words.Select(word => JsonValue.Create(word))]);
                break;
            case ParameterKind.Number:
                (schema["minimum"], schema["maximum"]) = (parameter.Minimum, parameter.Maximum);
                break;
            default:
                (schema["minLength"], schema["maxLength"]) = (1, LengthOf(parameter));
                break;
        }

        if (parameter.Kind is ParameterKind.Id or ParameterKind.Reference)
        {
            var letters = parameter.Kind is ParameterKind.Id ? "A-Za-z0-9-" : "A-Za-z0-9._-";
            schema["pattern"] = $"^[{letters}]{{1,{parameter.MaxLength}}}$";
        }

        return schema;
    }

    /// <summary>The value as the query of the HTTP route would have it; null where it breaks the schema.</summary>
    private static string? TextOf(Parameter parameter, JsonElement given) =>
        parameter.Kind switch
        {
            ParameterKind.Number => given.ValueKind == JsonValueKind.Number
            && given.TryGetInt32(out var number)
            && number >= parameter.Minimum
            && number <= (parameter.Maximum ?? int.MaxValue)
                ? number.ToString(CultureInfo.InvariantCulture)
                : null,
            ParameterKind.Flag => given.ValueKind switch
            {
                JsonValueKind.True => ParameterFactory.TextOf(true),
                JsonValueKind.False => ParameterFactory.TextOf(false),
                _ => null,
            },
            _ => given.ValueKind == JsonValueKind.String
            && given.GetString() is { Length: > 0 } text
            && text.Length <= LengthOf(parameter)
            && KeepsRule(parameter, text)
                ? text
                : null,
        };

    private static bool KeepsRule(Parameter parameter, string text) =>
        parameter.Kind switch
        {
            ParameterKind.Word => parameter.Words.Contains(text, StringComparer.OrdinalIgnoreCase),
            ParameterKind.Id => ResourceId.TryNormalize(text, out _),
            ParameterKind.Reference => ClusterName.IsOne(text),
            _ => true,
        };

    /// <summary>A list of values is one string.</summary>
    private static int LengthOf(Parameter parameter) => parameter.Several ? parameter.MaxText : parameter.MaxLength;

    private static string RuleOf(Parameter parameter) =>
        parameter.Kind switch
        {
            ParameterKind.Id => $"a string of {ResourceId.Rule}",
            ParameterKind.Reference => $"a string of {ResourceId.Rule}, or the name of a cluster of {ClusterName.Rule}",
            ParameterKind.Text or ParameterKind.Instant => $"a string of 1 to {LengthOf(parameter)} characters",
            _ => parameter.Rule,
        };

    private static string Unknown(string tool, IReadOnlyList<Parameter> parameters, string name) =>
        $"'{(name.Length <= 64 ? name : $"{name.AsSpan(0, 63)}…")}' is not an argument of {tool}, which "
        + $"takes: {string.Join(", ", parameters.Select(known => known.Name))}."
        + (
            name is "cluster" or "clusterId" or "clusterName" && parameters.Contains(ParameterCatalog.Workflow)
                ? " workflowId takes the name of a cluster, too."
                : ""
        );
}
