namespace Autopilot.Core.Workflows;

/// <summary>How a task comes to be in the graph.</summary>
internal enum TaskPresence
{
    /// <summary>The state shows its point.</summary>
    Shown,

    /// <summary>An earlier state showed its point.</summary>
    Missing,

    /// <summary>A line names it, or every upgrade has it; no state has shown its point.</summary>
    OnlyNamed,
}
