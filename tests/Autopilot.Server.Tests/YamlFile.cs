using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace Autopilot.Server.Tests;

/// <summary>A YAML file of the repository.</summary>
internal static class YamlFile
{
    /// <summary>The file, its merged keys resolved, as JSON; every scalar is a text.</summary>
    public static JsonNode Read(string path)
    {
        var parser = new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(Repository.Text(path))));
        return Node(new DeserializerBuilder().Build().Deserialize(parser)) ?? throw new InvalidOperationException($"{path} is empty.");
    }

    private static JsonNode? Node(object? value) =>
        value switch
        {
            IDictionary<object, object> map => new JsonObject(map.Select(pair => KeyValuePair.Create((string)pair.Key, Node(pair.Value)))),
            IEnumerable<object> list => new JsonArray([.. list.Select(Node)]),
            _ => (string?)value,
        };
}
