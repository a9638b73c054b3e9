namespace Autopilot.Core.Tracking.FanOut;

/// <summary>A message as it was received.</summary>
/// <param name="Text">What it says; <see cref="ShardMessage.TryParse"/> reads it.</param>
/// <param name="Id">The queue's name for it.</param>
/// <param name="Receipt">Proves that this delivery is the latest.</param>
public sealed record ReceivedShard(string Text, string Id, string Receipt);
