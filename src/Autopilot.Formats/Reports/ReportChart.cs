namespace Autopilot.Formats.Reports;

/// <summary>What a picture of a report shows.</summary>
public enum ReportChart
{
    /// <summary>The three others, one below the other.</summary>
    All,

    /// <summary>How long upgrades ran: median (P50) and P80, group by group.</summary>
    RunTime,

    /// <summary>How upgrades ended, group by group.</summary>
    Outcomes,

    /// <summary>How long each kind of task ran and was waited for, over the whole period.</summary>
    Tasks,
}
