using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Autopilot.Api.Clusters;

/// <summary>What the handlers of clusters and projects need.</summary>
internal sealed record ClusterServices([FromServices] IClusterStore Clusters, [FromServices] IOptions<DiscoveryOptions> Options, [FromServices] Cadence Cadence, [FromServices] TimeProvider Clock)
{
    /// <summary>A look happens at most once a cycle, however often it is wished for.</summary>
    public TimeSpan Every => AtLeastTick(Options.Value.Every);

    /// <inheritdoc cref="Every"/>
    public TimeSpan ProjectsEvery => AtLeastTick(Options.Value.ProjectsEvery);

    private TimeSpan AtLeastTick(TimeSpan every) => every > Cadence.Tick ? every : Cadence.Tick;
}
