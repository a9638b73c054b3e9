using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>All active workflows, reduced to what a caller keeps of each.</summary>
/// <param name="Items">In the order of need.</param>
/// <param name="Counts">How many there are of each assessment; one that has none is left out.</param>
/// <param name="Unreadable">Rows that cannot be read and are left out.</param>
public sealed record ActiveFleet<T>(IReadOnlyList<T> Items, IReadOnlyDictionary<Assessment, int> Counts, int Unreadable);
