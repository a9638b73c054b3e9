using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>What a mark means.</summary>
/// <param name="Class">Of a small bar; null for another mark, or none.</param>
/// <param name="Mark">Draws another mark, from an x on and around a y; it may be 30 wide.</param>
internal sealed record LegendEntry(string Text, string? Class = null, Action<SvgWriter, double, double>? Mark = null)
{
    public double SwatchWidth =>
        Class is not null ? 23
        : Mark is not null ? 37
        : 0;
}
