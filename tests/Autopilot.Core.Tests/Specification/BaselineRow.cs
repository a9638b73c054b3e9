using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Specification;

/// <summary>What earlier runs of a task type took, in seconds; <paramref name="Minor"/> is none for runs of every version.</summary>
internal sealed record BaselineRow(string Type, string? Minor, int Count, double P50, double P80, double P95)
{
    /// <summary>The product's baseline of these figures.</summary>
    public static Baseline All(IEnumerable<BaselineRow> rows) =>
        new([
            .. rows.Select(r => new BaselineEntry(
                UpgradeTaskType.From(r.Type),
                r.Minor,
                new AttemptDurations(r.Count, r.P50, r.P80, r.P95)
            )),
        ]);
}
