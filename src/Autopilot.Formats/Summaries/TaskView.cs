using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Summaries;

/// <summary>A line of the tasks: a task, or one of its several runs.</summary>
/// <param name="Notes">What else is known of it, where every fact is asked for; else empty.</param>
internal sealed record TaskView(
    string Name,
    string Status,
    string Attempts,
    string Waited,
    string Ran,
    Severity Severity,
    bool IsRun,
    IReadOnlyList<string> Notes
);
