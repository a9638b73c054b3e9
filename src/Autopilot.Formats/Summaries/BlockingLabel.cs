using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Summaries;

/// <summary>What the forms for people call the task that an upgrade cannot move past: only a blocked upgrade is blocked by it.</summary>
public static class BlockingLabel
{
    /// <summary>The label by how the upgrade stands.</summary>
    public static string Of(Assessment? assessment) =>
        assessment switch
        {
            Assessment.Progressing or Assessment.Slow or Assessment.Stalled or Assessment.RollingBack => "Now",
            Assessment.Waiting or Assessment.NotStarted => "Waits for",
            Assessment.Gone => "Last seen",
            _ => "Blocked by",
        };
}
