using System.Text.Json.Nodes;

namespace Autopilot.Infra.Tests;

/// <summary>
/// What a deployment would make, as the Bicep CLI predicts it offline: conditions are decided and expressions worked out as far as they do
/// not depend on what is made.
/// </summary>
internal sealed class Deployment(JsonObject snapshot)
{
    private static readonly Lazy<Task<Deployment>> DefaultOnce = new(() => PredictAsync());
    private static readonly Lazy<Task<Deployment>> FullOnce = new(() =>
        PredictAsync(
            "param watch = ' p1, p2/c2,p3/c3/w3 ,p4'",
            "param trackedProjects = ['p5', 'p1']",
            "param notify = 'a@example.com, b@example.com'",
            "param alertEmails = ['b@example.com', 'c@example.com']",
            "param privateEndpoints = true",
            "param networkAddressPrefix = '10.1.2.0/24'",
            "param deleteLock = true",
            "param auditLogs = true"
        )
    );

    /// <summary>One that was asked for nothing, predicted once for all tests.</summary>
    public static Task<Deployment> Default => DefaultOnce.Value;

    /// <summary>One with every option, and with answers to what azd asks.</summary>
    public static Task<Deployment> Full => FullOnce.Value;

    /// <summary>Every resource.</summary>
    public IReadOnlyList<JsonObject> Resources { get; } =
    [.. snapshot["predictedResources"]!.AsArray().Select(resource => resource!.AsObject())];

    /// <summary>The settings of the app that are known before anything is made.</summary>
    public IReadOnlyDictionary<string, string?> Settings =>
        OfType("Microsoft.Web/sites/config").Single()["properties"]!
            .AsObject()
            .ToDictionary(setting => setting.Key, setting => (string?)setting.Value, StringComparer.Ordinal);

    /// <summary>The one resource of a type.</summary>
    public JsonObject Single(string type) => OfType(type).Single();

    public IEnumerable<JsonObject> OfType(string type) => Resources.Where(resource => (string?)resource["type"] == type);

    /// <summary>Predicts a deployment with what has no default, and with further parameters.</summary>
    /// <param name="parameters">Lines of a parameters file, such as <c>param deleteLock = true</c>; they replace the ones of the same
    /// name.</param>
    public static async Task<Deployment> PredictAsync(params string[] parameters)
    {
        var folder = Directory.CreateTempSubdirectory("bicep");
        try
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "infra")))
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            }

            string[] always =
            [
                "param environmentName = 'test'",
                "param location = 'westeurope'",
                "param cceRegion = 'ap-southeast-3'",
                "param cceProjectId = 'project'",
                "param watch = ''",
                "param notify = ''",
            ];
            var given = parameters.Concat(always).DistinctBy(line => line.Split('=')[0]);
            var parametersFile = Path.Combine(folder.FullName, "main.bicepparam");
            await File.WriteAllLinesAsync(parametersFile, given.Prepend("using 'main.bicep'"));
            var (_, said) = await BicepFixture.RunAsync(
                "snapshot",
                parametersFile,
                "--mode",
                "overwrite",
                "--subscription-id",
                Guid.Empty.ToString(),
                "--tenant-id",
                Guid.Empty.ToString(),
                "--location",
                "westeurope"
            );
            var snapshot = Path.Combine(folder.FullName, "main.snapshot.json");
            Assert.True(File.Exists(snapshot), said);
            return new(JsonNode.Parse(await File.ReadAllTextAsync(snapshot))!.AsObject());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
