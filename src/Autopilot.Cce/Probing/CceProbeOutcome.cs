using Autopilot.Cce.Settings;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Cce.Probing;

/// <summary>How a step went.</summary>
public enum CceProbeOutcome
{
    Passed,
    Failed,

    /// <summary>It could not be found out; the message says why.</summary>
    NotTried,
}
