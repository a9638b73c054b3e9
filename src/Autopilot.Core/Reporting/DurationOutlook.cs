namespace Autopilot.Core.Reporting;

/// <summary>How long upgrades took. Made of those that succeeded.</summary>
public sealed record DurationOutlook : OutlookSection
{
    /// <summary>Of the time in which any task ran.</summary>
    public OutlookTimes? RunSeconds { get; init; }

    /// <summary>Of the rest of the time from creation to end. That is people's time: it says how it was, not how it will be.</summary>
    public OutlookTimes? WaitSeconds { get; init; }

    /// <summary>In the usual order, those that at least <see cref="OutlookBuilder.FewestRuns"/> of the upgrades did with success.</summary>
    public IReadOnlyList<TaskDurationOutlook>? Tasks { get; init; }
}
