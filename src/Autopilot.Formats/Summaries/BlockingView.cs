using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Summaries;

/// <summary>What the upgrade cannot move past now.</summary>
/// <param name="Label">Whether that blocks it, runs, or waits for a person.</param>
/// <param name="Hidden">Details that are left out.</param>
/// <param name="ToDo">Null where nothing can be done about the task any more.</param>
/// <param name="Before">Which earlier upgrades failed on the same; null where none is known.</param>
/// <param name="References">Pages that say more.</param>
internal sealed record BlockingView(
    string Label,
    string What,
    string Message,
    IReadOnlyList<(string Label, string Text)> Details,
    int Hidden,
    string? ToDo,
    string? Before,
    IReadOnlyList<ReferenceLink> References
);
