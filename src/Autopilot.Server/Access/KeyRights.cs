namespace Autopilot.Server.Access;

/// <summary>What a caller may do.</summary>
internal enum KeyRights
{
    None,

    /// <summary>Everything but changing what is tracked.</summary>
    Read,

    /// <summary>Everything.</summary>
    Manage,
}
