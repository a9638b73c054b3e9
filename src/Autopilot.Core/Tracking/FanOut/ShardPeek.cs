namespace Autopilot.Core.Tracking.FanOut;

/// <summary>What a peek at a shard shows.</summary>
/// <param name="IsEmpty">False also where the bounded read could not decide.</param>
/// <param name="Status">The shard status, where the shard is empty and has one.</param>
public sealed record ShardPeek(bool IsEmpty, ShardStatus? Status);
