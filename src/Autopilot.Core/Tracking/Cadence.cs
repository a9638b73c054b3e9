using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>How often a workflow is polled: by its phase, its failures and the schedule's tick.</summary>
public sealed class Cadence
{
    /// <summary>The distance between the schedule's next two occurrences; one minute where there is no schedule.</summary>
    public TimeSpan Tick => throw new NotImplementedException();

    /// <summary>The workflow's own poll interval now; more than three of them without a read make it stale.</summary>
    public TimeSpan IntervalOf(TrackedWorkflow workflow) => throw new NotImplementedException();
}
