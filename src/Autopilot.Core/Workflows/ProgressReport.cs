namespace Autopilot.Core.Workflows;

/// <summary>What upstream's document says about a task that runs, or about a pre-check that passed.</summary>
/// <param name="Progress">Upstream's own word as it came, at most <see cref="RunProgress.MaxWord"/> characters; null where it gives
/// none.</param>
/// <param name="Items">Items that have not passed and were not skipped, the worst first; at most
/// <see cref="RunProgress.MaxItems"/>.</param>
/// <param name="Omitted">Such items beyond those.</param>
/// <param name="Skipped">Names of items that the user skipped; at most <see cref="RunProgress.MaxItems"/>.</param>
/// <param name="SkippedOmitted">Skipped items beyond those.</param>
/// <param name="HasEnded">Whether the document shows an end of the task.</param>
public sealed record ProgressReport(
    string? Progress,
    IReadOnlyList<FailureDetail> Items,
    int Omitted,
    IReadOnlyList<string> Skipped,
    int SkippedOmitted,
    bool HasEnded
)
{
    /// <summary>Upstream has been asked and says nothing.</summary>
    public static ProgressReport Nothing { get; } = new(null, [], 0, [], 0, HasEnded: false);
}
