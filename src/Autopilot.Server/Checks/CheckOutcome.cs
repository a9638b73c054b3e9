namespace Autopilot.Server.Checks;

/// <summary>How a step went.</summary>
internal enum CheckOutcome
{
    Ok,
    Failed,

    /// <summary>It does no harm by itself, and is hardly meant so.</summary>
    Warning,

    /// <summary>It could not be tried.</summary>
    Skipped,
}
