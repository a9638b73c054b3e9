namespace Autopilot.Core.Tests.Specification;

/// <summary>What a point's status means.</summary>
internal enum StatusMeaning
{
    NotStarted,
    Queued,
    Running,
    Paused,
    Succeeded,
    Failed,

    /// <summary>A status that is on no list.</summary>
    Unfamiliar,

    /// <summary>At a moment of the past: neither upstream's times nor the observations around it decide it.</summary>
    Limbo,
}
