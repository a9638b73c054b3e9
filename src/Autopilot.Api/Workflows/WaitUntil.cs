namespace Autopilot.Api.Workflows;

/// <summary>What a request waits for.</summary>
internal enum WaitUntil
{
    /// <summary>The upgrade has ended: phase <c>Success</c> or <c>Cancel</c>, or upstream no longer knows it.</summary>
    Completed,

    /// <summary>Its newest state is another than the one that the caller knows.</summary>
    Moved,

    /// <summary>The post-check has succeeded.</summary>
    Confirmed,

    /// <summary>It is neither <c>Blocked</c> nor <c>Stalled</c>.</summary>
    Unblocked,
}
