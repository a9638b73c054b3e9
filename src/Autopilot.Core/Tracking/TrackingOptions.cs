using Autopilot.Core.Settings;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>Section <c>Tracking</c>: what is tracked from the start.</summary>
public sealed record TrackingOptions
{
    /// <summary><c>Tracking:Workflows:N</c>, each <c>projectId/clusterId/workflowId</c>; none by default.</summary>
    public IReadOnlyList<WorkflowTarget> Workflows { get; set; } = [];

    internal static void Read(TrackingOptions options, SettingsReader settings)
    {
        var targets = new Dictionary<string, (string Setting, WorkflowTarget Target)>();
        foreach (var (setting, value) in settings.List("Tracking:Workflows"))
        {
            if (value.Split('/') is not [var project, var cluster, var workflow]
                || !ResourceId.TryNormalize(project, out var projectId) || !ResourceId.TryNormalize(cluster, out var clusterId) || !ResourceId.TryNormalize(workflow, out var workflowId))
                settings.Fail($"{setting} is '{SettingsReader.Shown(value)}': give projectId/clusterId/workflowId, each {ResourceId.Rule}.");
            else if (!targets.TryAdd(workflowId, (setting, new WorkflowTarget(projectId, clusterId, workflowId))))
                settings.Fail($"{setting} names workflow '{workflowId}' again, which {targets[workflowId].Setting} names already: give each workflow once.");
        }

        options.Workflows = [.. targets.Values.Select(t => t.Target)];
    }
}
