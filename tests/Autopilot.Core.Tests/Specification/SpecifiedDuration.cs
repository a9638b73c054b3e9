namespace Autopilot.Core.Tests.Specification;

/// <summary>How a task under way does, compared with what such tasks took before.</summary>
internal enum SpecifiedDuration
{
    Ordinary,
    Slow,
    Stalled,
}
