using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace Autopilot.Server.Tests;

/// <summary>The files as they are kept.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>A YAML file, its merged keys resolved, as JSON; every scalar is a text.</summary>
    public static JsonNode Yaml(string path)
    {
        var parser = new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(Text(path))));
        return Node(new DeserializerBuilder().Build().Deserialize(parser)) ?? throw new InvalidOperationException($"{path} is empty.");
    }

    private static JsonNode? Node(object? value) => value switch
    {
        IDictionary<object, object> map => new JsonObject(map.Select(pair => KeyValuePair.Create((string)pair.Key, Node(pair.Value)))),
        IEnumerable<object> list => new JsonArray([.. list.Select(Node)]),
        _ => (string?)value,
    };

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Autopilot.Functions.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
