using Autopilot.Api.Requests;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Microsoft.Extensions.Options;

namespace Autopilot.Api.Clusters;

/// <summary>
/// What the handlers of clusters and projects need. No name may be one of <see cref="Workflows.WorkflowServices"/>: a handler may take
/// both.
/// </summary>
internal sealed record ClusterServices(
    [FromServices] IClusterStore Clusters,
    [FromServices] IOptions<DiscoveryOptions> Options,
    [FromServices] Cadence Ticks,
    [FromServices] TimeProvider Time
)
{
    /// <summary>
    /// Shortest time between two scans of a cluster: <c>Every</c>, and at least one tick, however often a scan is requested.
    /// </summary>
    public TimeSpan BetweenScans() => AtLeastTick(Options.Value.Every);

    /// <inheritdoc cref="BetweenScans"/>
    public TimeSpan BetweenProjectScans() => AtLeastTick(Options.Value.ProjectsEvery);

    private TimeSpan AtLeastTick(TimeSpan every) => every > Ticks.Tick ? every : Ticks.Tick;
}
