namespace Autopilot.Formats.Writing;

/// <summary>How urgent something is; every format with colours shows it.</summary>
public enum Severity
{
    /// <summary>Nothing to say by colour.</summary>
    Plain,

    /// <summary>It went well.</summary>
    Good,

    /// <summary>A person should check it.</summary>
    Careful,

    /// <summary>A person must act.</summary>
    Bad,
}
