using Autopilot.Api.Health;
using Autopilot.Core.Listing;
using Autopilot.Formats.Summaries;

namespace Autopilot.Pages.Fleet;

/// <summary>All active upgrades as lines, and what is wrong with the app itself.</summary>
internal sealed record FleetCopy(ActiveFleet<FleetLine> Fleet, IReadOnlyList<Finding> Findings);
