using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Autopilot.Infra.Tests;

/// <summary>A compiled template: its resources, those of its modules among them.</summary>
internal sealed partial class Template(string json)
{
    private readonly JsonObject _root = JsonNode.Parse(json)!.AsObject();

    public JsonObject Parameters => _root["parameters"]!.AsObject();

    /// <summary>The outputs that a person and azd get to see.</summary>
    public JsonObject Outputs => _root["outputs"]!.AsObject();

    /// <summary>Every resource with its name in the source, of all modules.</summary>
    public IEnumerable<(string Name, JsonObject Resource)> Resources => ResourcesOf(_root);

    /// <summary>The templates of the modules, and the outermost one.</summary>
    public IEnumerable<JsonObject> Templates =>
        [
            _root,
            .. Resources
                .Where(r => Type(r.Resource) == "Microsoft.Resources/deployments")
                .Select(r => r.Resource["properties"]!["template"]!.AsObject()),
        ];

    public IEnumerable<JsonObject> OfType(string type) => Resources.Where(r => Type(r.Resource) == type).Select(r => r.Resource);

    public JsonObject Module(string name) => Resources.Single(r => r.Name == name).Resource["properties"]!["template"]!.AsObject();

    public static string Type(JsonObject resource) => (string)resource["type"]!;

    /// <summary>The expression that the app's settings are made by.</summary>
    public string AppSettings => (string)Resources.Single(r => r.Name == "site::appSettings").Resource["properties"]!;

    /// <summary>
    /// Every setting that the app is given or may be given, by its name in the environment; lists with <c>{0}</c> for the index.
    /// </summary>
    public IReadOnlySet<string> SettingNames
    {
        get
        {
            var given = Quoted()
                .Matches(AppSettings)
                .Select(match => match.Groups[1].Value)
                .Select(text => text.Replace("{1}", "{0}", StringComparison.Ordinal))
                .Where(text => SettingName().IsMatch(text));
            var optional = new[] { "appSettings", "secretValues" }.SelectMany(type =>
                Module("app")["definitions"]![type]!["properties"]!.AsObject().Select(property => property.Key)
            );
            return given.Concat(optional).ToHashSet(StringComparer.Ordinal);
        }
    }

    private static IEnumerable<(string Name, JsonObject Resource)> ResourcesOf(JsonObject template)
    {
        // A template without types of its own lists its resources without their names in the source.
        var resources = template["resources"] is JsonArray list
            ? list.Select(node => KeyValuePair.Create((string)node!["name"]!, (JsonNode?)node))
            : template["resources"]!.AsObject().AsEnumerable();
        foreach (var (name, node) in resources)
        {
            var resource = node!.AsObject();
            yield return (name, resource);
            if (Type(resource) != "Microsoft.Resources/deployments")
            {
                continue;
            }

            foreach (var inner in ResourcesOf(resource["properties"]!["template"]!.AsObject()))
            {
                yield return inner;
            }
        }
    }

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(
        @"^(?:[A-Z][A-Za-z]*(?:__[A-Za-z]+|__\{0\})+|PollSchedule|RetentionSchedule|PollQueue|AzureWebJobs\.\w+\.Disabled|"
            + @"AzureWebJobsDisableHomepage|APPLICATIONINSIGHTS_\w+)$"
    )]
    private static partial Regex SettingName();
}
