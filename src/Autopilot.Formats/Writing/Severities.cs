using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Writing;

/// <summary>Maps what is shown to a severity.</summary>
public static class Severities
{
    /// <summary>The severity of an assessment; plain where nothing is known.</summary>
    public static Severity Of(Assessment? assessment) =>
        assessment switch
        {
            Assessment.Blocked or Assessment.Stalled or Assessment.RollingBack or Assessment.Gone => Severity.Bad,
            Assessment.Slow or Assessment.Waiting => Severity.Careful,
            Assessment.Completed => Severity.Good,
            _ => Severity.Plain,
        };
}
