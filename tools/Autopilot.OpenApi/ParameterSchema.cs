using System.Text.Json.Nodes;
using Autopilot.Api.Parameters;

namespace Autopilot.OpenApi;

/// <summary>Parameters as the OpenAPI document describes them.</summary>
internal static class ParameterSchema
{
    /// <summary>A parameter of an operation.</summary>
    /// <param name="place"><c>path</c> or <c>query</c>.</param>
    public static JsonObject Of(Parameter parameter, string place) =>
        new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = place,
            ["required"] = parameter.Required ? true : null,
            ["description"] = DescriptionOf(parameter),
            ["schema"] = parameter.Several
                ? new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = SchemaOf(parameter),
                    ["minItems"] = 1,
                }
                : SchemaOf(parameter),
            ["example"] = parameter.Several ? new JsonArray(ValueOf(parameter, parameter.Example)) : ValueOf(parameter, parameter.Example),
        }.WithoutNulls();

    /// <summary>A member of a body.</summary>
    public static JsonObject OfMember(Parameter parameter)
    {
        var schema = SchemaOf(parameter);
        schema["description"] = DescriptionOf(parameter);
        return schema;
    }

    /// <summary>What it means, and in which form it is given where the schema does not say so.</summary>
    public static string DescriptionOf(Parameter parameter) =>
        parameter.Description
        + parameter.Kind switch
        {
            ParameterKind.Id or ParameterKind.Reference => " In any case; compared in lower case.",
            ParameterKind.Word => " In any case.",
            ParameterKind.Instant => " An instant as in RFC 3339, or a date for the midnight in UTC that begins it.",
            _ => "",
        }
        // An outlook takes a list only to refuse it by name.
        + (
            parameter.Several && parameter != ParameterCatalog.PlannedCluster
                ? " Several values, repeated or separated by commas: any of them matches."
                : ""
        );

    private static JsonObject SchemaOf(Parameter parameter) =>
        parameter.Kind switch
        {
            ParameterKind.Flag => new JsonObject
            {
                ["type"] = "boolean",
                ["default"] = ValueOf(parameter, parameter.Default),
            }.WithoutNulls(),
            ParameterKind.Word => new JsonObject
            {
                ["type"] = "string",
                ["enum"] = new JsonArray([.. parameter.Words.Select(word => JsonValue.Create(word))]),
                ["default"] = ValueOf(parameter, parameter.Default),
            }.WithoutNulls(),
            ParameterKind.Number => new JsonObject
            {
                ["type"] = "integer",
                ["format"] = parameter.Maximum is null ? "int64" : "int32",
                ["minimum"] = parameter.Minimum,
                ["maximum"] = parameter.Maximum,
                ["default"] = ValueOf(parameter, parameter.Default),
            }.WithoutNulls(),
            ParameterKind.Instant => new JsonObject
            {
                ["type"] = "string",
                ["anyOf"] = new JsonArray(new JsonObject { ["format"] = "date-time" }, new JsonObject { ["format"] = "date" }),
            },
            _ => new JsonObject
            {
                ["type"] = "string",
                ["minLength"] = 1,
                ["maxLength"] = parameter.MaxLength,
                ["pattern"] = parameter.Kind switch
                {
                    ParameterKind.Id => "^[A-Za-z0-9-]+$",
                    ParameterKind.Reference => "^[A-Za-z0-9._-]+$",
                    _ => null,
                },
            }.WithoutNulls(),
        };

    /// <summary>A value in JSON, as the schema has it.</summary>
    private static JsonNode? ValueOf(Parameter parameter, string? text) =>
        text is null ? null
        : parameter.Kind is ParameterKind.Flag or ParameterKind.Number ? JsonNode.Parse(text)
        : JsonValue.Create(text);
}
