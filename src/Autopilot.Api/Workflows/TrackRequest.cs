using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;

namespace Autopilot.Api.Workflows;

/// <summary>The body of a <c>PUT</c> of a workflow.</summary>
internal sealed record TrackRequest(string? ProjectId, string ClusterId, string? ClusterName)
{
    public static BodyShape Body { get; } =
        new("TrackWorkflow", ParameterCatalog.BodyClusterId, ParameterCatalog.BodyProjectId, ParameterCatalog.ClusterName);

    public static bool TryRead(ReadOnlyMemory<byte> body, out TrackRequest? request, out Problem? problem)
    {
        request = null;
        if (
            !Body.TryRead(body, out var values, out problem)
            || !values.TryRead(ParameterCatalog.BodyClusterId, out var clusterId, out problem)
            || !values.TryRead(ParameterCatalog.BodyProjectId, out var projectId, out problem)
            || !values.TryRead(ParameterCatalog.ClusterName, out var clusterName, out problem)
        )
        {
            return false;
        }

        request = new TrackRequest(projectId, clusterId!, clusterName);
        return true;
    }
}
