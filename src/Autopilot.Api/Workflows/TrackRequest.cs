using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>
/// The body of a <c>PUT</c>: <c>{ "clusterId": "…", "projectId"?: "…", "clusterName"?: "…" }</c>. Read by hand, so that every mistake is
/// named.
/// </summary>
internal sealed record TrackRequest(string? ProjectId, string ClusterId, string? ClusterName)
{
    private const string Shape = """{ "clusterId": "…", "projectId"?: "…", "clusterName"?: "…" }""";

    public static bool TryRead(ReadOnlyMemory<byte> body, out TrackRequest? request, out Problem? problem)
    {
        request = null;
        if (!BodyMembers.TryRead(body, ["clusterId", "projectId", "clusterName"], Shape, mayBeEmpty: false, out var members, out problem))
        {
            return false;
        }

        if (members.GetValueOrDefault("clusterId") is not { } clusterText)
        {
            problem = ProblemFactory.InvalidBody($"'clusterId' is missing. The body is {Shape}.");
        }
        else if (!ResourceId.TryNormalize(clusterText, out var clusterId))
        {
            problem = ProblemFactory.InvalidClusterId("body");
        }
        else if (
            BodyMembers.TryProject(members, out var projectId, out problem)
            && BodyMembers.TryClusterName(members, out var clusterName, out problem)
        )
        {
            request = new TrackRequest(projectId, clusterId, clusterName);
        }

        return request is not null;
    }
}
