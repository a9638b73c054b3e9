namespace Autopilot.Core.Tracking;

/// <summary>How a cycle is spread over processes.</summary>
public enum FanOutMode
{
    /// <summary>One process works every shard.</summary>
    Inline,

    /// <summary>One message per shard that holds anything, on a storage queue.</summary>
    Queue,
}
