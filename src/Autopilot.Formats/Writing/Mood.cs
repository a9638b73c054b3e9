using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Writing;

/// <summary>How something looks, in every form that knows colours.</summary>
public enum Mood
{
    /// <summary>Nothing to say by colour.</summary>
    Plain,

    /// <summary>It went well.</summary>
    Good,

    /// <summary>Somebody should look.</summary>
    Careful,

    /// <summary>Somebody must act.</summary>
    Bad,
}

/// <summary>The mood of what is told.</summary>
public static class Moods
{
    /// <summary>The mood of an assessment; plain where nothing is known.</summary>
    public static Mood Of(Assessment? assessment) => assessment switch
    {
        Assessment.Blocked or Assessment.Stalled or Assessment.RollingBack or Assessment.Gone => Mood.Bad,
        Assessment.Slow or Assessment.Waiting => Mood.Careful,
        Assessment.Completed => Mood.Good,
        _ => Mood.Plain,
    };
}
