using Autopilot.Formats.Summaries;

namespace Autopilot.Pages.Fleet;

/// <summary>A page of what is over or no longer tracked.</summary>
/// <param name="Lines">Those no longer tracked first, then the newest end first.</param>
/// <param name="Next">Token of the next page; null on the last one.</param>
/// <param name="Unreadable">Rows that cannot be read and are left out.</param>
internal sealed record FinishedCopy(IReadOnlyList<FleetLine> Lines, string? Next, int Unreadable);
