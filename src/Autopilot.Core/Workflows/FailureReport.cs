namespace Autopilot.Core.Workflows;

/// <summary>What upstream says about a failed run.</summary>
/// <param name="Details">The worst first; at most <see cref="TaskDocument.MaxDetails"/>. Empty when it says nothing.</param>
/// <param name="Omitted">Failed items beyond those.</param>
/// <param name="TooLargeFor">The limit, in bytes, that upstream's document exceeded; null where it was read.</param>
public sealed record FailureReport(IReadOnlyList<FailureDetail> Details, int Omitted = 0, int? TooLargeFor = null)
{
    /// <summary>Upstream has been asked and says nothing.</summary>
    public static FailureReport Nothing { get; } = new([]);
}
