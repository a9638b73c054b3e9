namespace Autopilot.Core.Tracking;

/// <summary>What a glance at a shard shows.</summary>
/// <param name="IsEmpty">False also where the bounded read could not decide.</param>
/// <param name="Board">The board, where the shard is empty and has one.</param>
public sealed record ShardGlance(bool IsEmpty, ShardBoard? Board);
