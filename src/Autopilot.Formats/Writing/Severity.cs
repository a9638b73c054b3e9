namespace Autopilot.Formats.Writing;

/// <summary>How something looks, in every form that knows colours.</summary>
public enum Severity
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
