using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking.Discovery;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking;

/// <summary>What every poll of a process shares.</summary>
internal sealed record PollingServices(
    IObservationStore Observations,
    UpstreamConcurrencyLimiter Upstream,
    BaselineCache Baselines,
    Cadence Cadence,
    TransitionDetector Transitions,
    PollingOptions Options,
    TimeProvider Clock,
    ILogger Logger,
    ClusterNames Names
);
