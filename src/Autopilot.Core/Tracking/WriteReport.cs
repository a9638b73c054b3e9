using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>Outcomes of one call, with the conflicts and lost answers that it met.</summary>
/// <param name="Outcomes">One per write, in their order.</param>
/// <param name="Current">For every <see cref="WriteOutcome.Conflict"/> index, the row as it is now.</param>
public sealed record WriteReport(
    IReadOnlyList<WriteOutcome> Outcomes,
    IReadOnlyDictionary<int, TrackedWorkflow> Current,
    int Conflicts,
    int Ambiguous
)
{
    /// <summary>
    /// For every <see cref="WriteOutcome.Committed"/> index the row's new <see cref="TrackedWorkflow.ETag"/>, null elsewhere; empty
    /// where the store does not return it.
    /// </summary>
    public IReadOnlyList<string?> Versions { get; init; } = [];

    /// <summary>
    /// A committed row with its new version, so that what follows needs no further read; without one where the store does not return it.
    /// </summary>
    public TrackedWorkflow Committed(int index, WorkflowWrite write) =>
        write.After with
        {
            ETag = index < Versions.Count ? Versions[index] : null,
        };
}
