using Autopilot.Cce.Settings;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Cce.Probing;

/// <summary>Tries by one cheap GET whether upstream can be reached, knows us, and lets us read. For people who set things up.</summary>
public sealed class CceProbe
{
    private readonly CceClient _client;
    private readonly IOptions<CceOptions> _options;
    private readonly CceConnection _connection;

    internal CceProbe(CceClient client, IOptions<CceOptions> options, CceConnection connection)
    {
        (_client, _options, _connection) = (client, options, connection);
    }

    /// <summary>
    /// Tries the steps in the order of <see cref="CceProbeStep"/>; a step that could not be tried since an earlier one failed is reported
    /// as such. Never throws for upstream.
    /// </summary>
    /// <param name="projectId">Null for <c>Cce:ProjectId</c>; then the steps only check that upstream accepts the credentials.</param>
    /// <param name="clusterId"> With a cluster, its workflows are listed, by the very permission that tracking needs. Without one, the
    /// project's clusters are, which needs <c>cce:cluster:list</c> besides: so does tracking a project, while of <c>Cce:ProjectId</c> alone
    /// a 403 proves nothing.
    /// </param>
    /// <param name="workflowIds">Those of the cluster's workflows that are expected. A missing one is reported, and is no failure, since
    /// upstream may have forgotten an old one.</param>
    public async Task<IReadOnlyList<CceProbeResult>> CheckAsync(
        string? projectId,
        string? clusterId,
        IReadOnlyCollection<string> workflowIds,
        CancellationToken cancellationToken
    )
    {
        if ((projectId ?? _options.Value.ProjectId) is not { } project)
        {
            return NoEndpoint(
                "No project is known to ask about, so nothing was asked: set Cce:ProjectId, or name in Tracking what is to be watched."
            );
        }

        try
        {
            var found = clusterId is not null
                ? Found(
                    clusterId,
                    workflowIds,
                    await _client.GetAsync(
                        CceRequest.ListWorkflows(project, clusterId, _options.Value),
                        WorkflowDocument.ReadList,
                        cancellationToken
                    )
                )
                : await _client.GetAsync(
                    CceRequest.ListClusters(project, _options.Value),
                    _ => new CceProbeResult(
                        CceProbeStep.Permission,
                        CceProbeOutcome.Passed,
                        $"The clusters of project {project} can be listed."
                    ),
                    cancellationToken
                );
            return [Reached, Known, found];
        }
        catch (UpstreamException e)
        {
            return Evaluate(e, project, needed: (projectId ?? clusterId) is not null, clusterId);
        }
    }

    private static CceProbeResult Found(string clusterId, IReadOnlyCollection<string> workflowIds, IReadOnlyList<WorkflowObservation> there)
    {
        var missing = workflowIds.Except(there.Select(one => one.State.Id).OfType<string>(), StringComparer.OrdinalIgnoreCase).ToList();
        return new CceProbeResult(
            CceProbeStep.Permission,
            missing.Count == 0 ? CceProbeOutcome.Passed : CceProbeOutcome.Doubtful,
            $"The upgrade workflows of cluster {clusterId} can be read ({there.Count} there "
                + (
                    missing.Count == 0
                        ? "now)."
                        : $"now; not among them: {string.Join(", ", missing)}. Unless upstream has forgotten them, compare the ids with "
                            + "the console)."
                )
        );
    }

    // Only what was shown to work counts as passed: the check answers whether polling would work, and an outage does not show it.
    private CceProbeResult[] Evaluate(UpstreamException e, string project, bool needed, string? cluster)
    {
        var target = cluster is null ? $"Project {project}" : $"Cluster {cluster} of project {project}";
        return e.Failure switch
        {
            UpstreamFailure.Unavailable when e.StatusCode is not null => NoEndpoint(
                $"{e.Message} Run the check again in a few minutes; if that stays so, see that Cce:Region or Cce:Endpoint is right, "
                    + "and how the service is in that region."
            ),
            UpstreamFailure.Unavailable when e.TimedOut => NoEndpoint(
                $"{e.Message} See Cce:Region or Cce:Endpoint, and whether a proxy or a firewall stands between."
            ),
            UpstreamFailure.Unavailable or UpstreamFailure.Misconfigured or UpstreamFailure.Invalid => NoEndpoint(e.Message),
            // A proxy said that, and not the API.
            UpstreamFailure.Denied when e.StatusCode == 407 => NoEndpoint(e.Message),
            // The gateway and CCE give a code with every refusal; without one it is something else that answers there, and it has not
            // judged any signature.
            UpstreamFailure.Denied when e.Code is null => NoEndpoint(
                $"Something answers {e.StatusCode} there that does not look like the CCE API: see that "
                    + $"{_connection.Endpoint.Authority}{_connection.PathPrefix} is its address (Cce:Region, Cce:Endpoint, Cce:PathPrefix)."
            ),
            UpstreamFailure.Rejected => [Reached, Failed(CceProbeStep.Credentials, e.Message), NotTried(CceProbeStep.Permission)],
            UpstreamFailure.Throttled =>
            [
                Reached,
                Failed(
                    CceProbeStep.Credentials,
                    $"{e.Message} Whether the credentials are good is not known yet: run the check again in a few minutes."
                ),
                NotTried(CceProbeStep.Permission),
            ],
            UpstreamFailure.Denied when IsForbidden(e) && needed && cluster is null =>
            [
                Reached,
                Known,
                Failed(
                    CceProbeStep.Permission,
                    $"Listing the clusters of project {project} is not permitted, which tracking a project needs: grant the "
                        + "credentials cce:cluster:list there, besides cce:cluster:getCluster."
                ),
            ],
            UpstreamFailure.Denied when IsForbidden(e) && !needed =>
            [
                Reached,
                Known,
                new(
                    CceProbeStep.Permission,
                    CceProbeOutcome.NotTried,
                    $"Listing the clusters of project {project} is not permitted (cce:cluster:list), which tracking does not need; "
                        + "track a cluster or a workflow to have its own permission tried."
                ),
            ],
            UpstreamFailure.Locked =>
            [
                Reached,
                Known,
                Failed(CceProbeStep.Permission, $"{target}: {e.Message} Run the check again in a minute."),
            ],
            _ => [Reached, Known, Failed(CceProbeStep.Permission, $"{target}: {e.Message}")],
        };
    }

    /// <summary>Whether a permission helps: an address, an account or a region that is refused is so for every request.</summary>
    private static bool IsForbidden(UpstreamException e) =>
        e is { StatusCode: 403, Cause: null or RejectionCause.Permission or RejectionCause.Policy };

    private CceProbeResult Reached =>
        new(CceProbeStep.Endpoint, CceProbeOutcome.Passed, $"{_connection.Endpoint.Authority}{_connection.PathPrefix} answers.");

    private CceProbeResult Known =>
        new(
            CceProbeStep.Credentials,
            CceProbeOutcome.Passed,
            _connection.Credential switch
            {
                KeyCredential => "The access key's signature is accepted.",
                PasswordCredential => "IAM gave a token, and it is accepted.",
                _ => "The token is accepted.",
            }
        );

    /// <summary>Where the API has not been reached, nothing else was found out.</summary>
    private static CceProbeResult[] NoEndpoint(string message) =>
        [Failed(CceProbeStep.Endpoint, message), NotTried(CceProbeStep.Credentials), NotTried(CceProbeStep.Permission)];

    private static CceProbeResult Failed(CceProbeStep step, string message) => new(step, CceProbeOutcome.Failed, message);

    private static CceProbeResult NotTried(CceProbeStep step) =>
        new(step, CceProbeOutcome.NotTried, "Not tried, since an earlier step failed.");
}
