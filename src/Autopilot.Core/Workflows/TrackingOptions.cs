using Autopilot.Core.Settings;

namespace Autopilot.Core.Workflows;

/// <summary>Section <c>Tracking</c>: what is tracked from the start.</summary>
public sealed record TrackingOptions
{
    /// <summary><c>Tracking:Workflows:N</c>, each <c>projectId/clusterId/workflowId</c>; none by default.</summary>
    public IReadOnlyList<WorkflowTarget> Workflows { get; set; } = [];

    /// <summary><c>Tracking:Clusters:N</c>, each <c>projectId/clusterId</c>; none by default.</summary>
    public IReadOnlyList<ClusterTarget> Clusters { get; set; } = [];

    /// <summary><c>Tracking:Projects:N</c>, each a project id; none by default.</summary>
    public IReadOnlyList<string> Projects { get; set; } = [];

    internal static void Read(TrackingOptions options, SettingsReader settings)
    {
        var targets = new Dictionary<string, (string Setting, WorkflowTarget Target)>();
        foreach (var (setting, value) in settings.List("Tracking:Workflows"))
        {
            if (
                value.Split('/') is not [var project, var cluster, var workflow]
                || !ResourceId.TryNormalize(project, out var projectId)
                || !ResourceId.TryNormalize(cluster, out var clusterId)
                || !ResourceId.TryNormalize(workflow, out var workflowId)
            )
            {
                settings.Fail(
                    $"{setting} is '{SettingsReader.Shown(value)}': give projectId/clusterId/workflowId, each {ResourceId.Rule}."
                );
            }
            else if (workflowId == clusterId)
            {
                settings.Fail(
                    $"{setting} names '{clusterId}' as cluster and as workflow: give projectId/clusterId/workflowId, or name the cluster "
                        + "in Tracking:Clusters to have its workflows found."
                );
            }
            else if (!targets.TryAdd(workflowId, (setting, new WorkflowTarget(projectId, clusterId, workflowId))))
            {
                settings.Fail(
                    $"{setting} names workflow '{workflowId}' again, which {targets[workflowId].Setting} names already: give each "
                        + "workflow once."
                );
            }
        }

        options.Workflows = [.. targets.Values.Select(t => t.Target)];

        var clusters = new Dictionary<string, (string Setting, ClusterTarget Target)>();
        foreach (var (setting, value) in settings.List("Tracking:Clusters"))
        {
            if (
                value.Split('/') is not [var project, var cluster]
                || !ResourceId.TryNormalize(project, out var projectId)
                || !ResourceId.TryNormalize(cluster, out var clusterId)
            )
            {
                settings.Fail($"{setting} is '{SettingsReader.Shown(value)}': give projectId/clusterId, each {ResourceId.Rule}.");
            }
            else if (!clusters.TryAdd(clusterId, (setting, new ClusterTarget(projectId, clusterId))))
            {
                settings.Fail(
                    $"{setting} names cluster '{clusterId}' again, which {clusters[clusterId].Setting} names already: give each "
                        + "cluster once."
                );
            }
        }

        options.Clusters = [.. clusters.Values.Select(c => c.Target)];

        var projects = new Dictionary<string, string>();
        foreach (var (setting, value) in settings.List("Tracking:Projects"))
        {
            if (!ResourceId.TryNormalize(value, out var projectId))
            {
                settings.Fail($"{setting} is '{SettingsReader.Shown(value)}': give a project id, {ResourceId.Rule}.");
            }
            else if (!projects.TryAdd(projectId, setting))
            {
                settings.Fail(
                    $"{setting} names project '{projectId}' again, which {projects[projectId]} names already: give each project once."
                );
            }
        }

        options.Projects = [.. projects.Keys];
    }
}
