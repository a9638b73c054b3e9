using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Summaries;

/// <summary>Something worth knowing beside what blocks.</summary>
/// <param name="Label">Its code, and the task that it is about.</param>
/// <param name="Text">What it is, and what to do.</param>
internal sealed record InsightView(InsightLevel Level, string Label, string Text)
{
    /// <summary>Pages that say more.</summary>
    public IReadOnlyList<ReferenceLink> References { get; init; } = [];
}
