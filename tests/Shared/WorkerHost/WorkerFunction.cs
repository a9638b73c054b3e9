using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;

namespace Autopilot.Testing;

/// <summary>A function as the worker describes it to its host.</summary>
internal sealed class WorkerFunction(JsonObject metadata)
{
    // An HTTP function has the answer as a second binding.
    private readonly JsonNode _trigger = metadata["rawBindings"]!
        .AsArray()
        .Select(binding => JsonNode.Parse((string)binding!)!)
        .Single(binding => ((string)binding["type"]!).EndsWith("Trigger", StringComparison.OrdinalIgnoreCase));

    public string Id => (string)metadata["functionId"]!;

    public string Name => (string)metadata["name"]!;

    public JsonObject Metadata => metadata;

    /// <summary>The name of the parameter that the trigger binds.</summary>
    public string Parameter => (string)_trigger["name"]!;

    public bool IsHttp => "httpTrigger".Equals((string?)_trigger["type"], StringComparison.OrdinalIgnoreCase);

    public bool NeedsKey => !"Anonymous".Equals((string?)_trigger["authLevel"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the host would hand it this request; a function without methods takes every one.</summary>
    public bool Takes(string method, PathString path) =>
        IsHttp
        && (
            _trigger["methods"] is not JsonArray { Count: > 0 } methods
            || methods.Any(one => method.Equals((string?)one, StringComparison.OrdinalIgnoreCase))
        )
        && new TemplateMatcher(TemplateParser.Parse((string)_trigger["route"]!), []).TryMatch(path, []);
}
