using System.Text.Json;

namespace Autopilot.Cli;

/// <summary>Tracks an upgrade or the upgrades of a cluster, and ends that.</summary>
internal static class TrackCommand
{
    /// <summary>Tracks a workflow of a cluster; without one, every upgrade of the cluster.</summary>
    public static async Task<int> RunAsync(
        AutopilotClient client,
        string cluster,
        string? workflow,
        string? project,
        string? name,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        var path = workflow is null ? $"api/clusters/{AutopilotClient.Segment(cluster)}" : AutopilotClient.PathOf(workflow);
        var body = new Dictionary<string, string>();
        if (workflow is not null)
        {
            body["clusterId"] = cluster;
        }

        if (project is not null)
        {
            body["projectId"] = project;
        }

        if (name is not null)
        {
            body["clusterName"] = name;
        }

        await client.SendAsync(
            HttpMethod.Put,
            path,
            JsonSerializer.Serialize(body, CliJson.Default.DictionaryStringString),
            cancellationToken
        );
        await output.WriteLineAsync(
            TerminalText.Line(
                workflow is null ? $"Upgrades of cluster {cluster} are found from now on." : $"Upgrade {workflow} is tracked."
            )
        );
        return ExitCode.Reached;
    }

    /// <summary>Ends the tracking of one upgrade, whose history stays.</summary>
    public static async Task<int> EndAsync(AutopilotClient client, string reference, TextWriter output, CancellationToken cancellationToken)
    {
        // What changes something takes ids: the name is looked up first, and the answer says which upgrade it was.
        var upgrade = await client.GetAsync(AutopilotClient.PathOf(reference), CliJson.Default.Upgrade, cancellationToken);
        await client.SendAsync(HttpMethod.Delete, AutopilotClient.PathOf(upgrade.Id), null, cancellationToken);
        await output.WriteLineAsync($"Upgrade {TerminalText.Line(upgrade.Id)} of {upgrade.Name} is no longer tracked; its history stays.");
        return ExitCode.Reached;
    }
}
