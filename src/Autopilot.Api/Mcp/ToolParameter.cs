using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Mcp;

/// <summary>One argument of a tool: its schema and the check of what came are made of the same limits.</summary>
internal sealed record ToolParameter(string Name, ToolValue Kind, string Description)
{
    public bool Required { get; init; }
    public int MaxLength { get; init; } = 64;
    public int Minimum { get; init; }
    public int Maximum { get; init; }

    /// <summary>The only values there are, in any case; null for any.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    public JsonObject Schema()
    {
        var schema = new JsonObject
        {
            ["type"] = Kind switch
            {
                ToolValue.Number => "integer",
                ToolValue.Flag => "boolean",
                _ => "string",
            },
            ["description"] = Description,
        };
        if (Words is not null)
        {
            schema["enum"] = new JsonArray([.. Words.Select(word => JsonValue.Create(word))]);
        }
        else if (Kind == ToolValue.Number)
        {
            (schema["minimum"], schema["maximum"]) = (Minimum, Maximum);
        }
        else if (Kind is not ToolValue.Flag)
        {
            (schema["minLength"], schema["maxLength"]) = (1, MaxLength);
        }

        if (Kind == ToolValue.Id)
        {
            schema["pattern"] = "^[A-Za-z0-9-]{1,64}$";
        }
        else if (Kind == ToolValue.Reference)
        {
            schema["pattern"] = "^[A-Za-z0-9._-]{1,128}$";
        }

        return schema;
    }

    /// <summary>The value as the query of the HTTP route would have it, or the mistake.</summary>
    public bool TryRead(JsonElement given, out string text, out string mistake)
    {
        (text, mistake) = ("", "");
        var rule = Rule();
        var fits = Kind switch
        {
            ToolValue.Number => given.ValueKind == JsonValueKind.Number
                && given.TryGetInt32(out var number)
                && number >= Minimum
                && number <= Maximum
                && Put(number.ToString(CultureInfo.InvariantCulture), out text),
            ToolValue.Flag => given.ValueKind is JsonValueKind.True or JsonValueKind.False
                && Put(given.ValueKind == JsonValueKind.True ? "true" : "false", out text),
            _ => given.ValueKind == JsonValueKind.String
                && given.GetString() is { Length: > 0 } value
                && value.Length <= MaxLength
                && Put(value, out text)
                && FitsText(ref text),
        };
        if (!fits)
        {
            mistake = $"'{Name}' must be {rule}.";
        }

        return fits;
    }

    private static bool Put(string value, out string text)
    {
        text = value;
        return true;
    }

    private bool FitsText(ref string text)
    {
        if (Words is not null)
        {
            var value = text;
            text = Words.FirstOrDefault(word => word.Equals(value, StringComparison.OrdinalIgnoreCase)) ?? "";
            return text.Length > 0;
        }

        if (Kind == ToolValue.Reference)
        {
            return ClusterName.IsOne(text);
        }

        if (Kind != ToolValue.Id)
        {
            return true;
        }

        if (!ResourceId.TryNormalize(text, out var id))
        {
            return false;
        }

        text = id;
        return true;
    }

    private string Rule() =>
        Kind switch
        {
            _ when Words is not null => $"one of {string.Join(", ", Words)}",
            ToolValue.Number => $"a whole number from {Minimum} to {Maximum}",
            ToolValue.Flag => "true or false",
            ToolValue.Id => $"a string of {ResourceId.Rule}",
            ToolValue.Reference => $"a string of {ResourceId.Rule}, or the name of a cluster of {ClusterName.Rule}",
            _ => $"a string of 1 to {MaxLength} characters",
        };
}
