namespace Autopilot.Core.Retention;

/// <summary>What a retention run would delete now.</summary>
/// <param name="Limits">Since when things are past their retention.</param>
/// <param name="Workflows">Workflows that would go with their whole history.</param>
/// <param name="States">States that would go.</param>
/// <param name="Runs">Runs that would go.</param>
/// <param name="Examples">The first of the workflows whose row or states would be deleted, at most
/// <see cref="RetentionRun.MaxExamples"/>.</param>
/// <param name="Last">The last run that was made; null before the first.</param>
public sealed record RetentionPreview(
    RetentionLimits Limits,
    long Workflows,
    long States,
    long Runs,
    IReadOnlyList<ExpiredWorkflow> Examples,
    RetentionRecord? Last
)
{
    /// <summary>Rows that were met and cannot be read, and so are not deleted.</summary>
    public int Unreadable { get; init; }
}
