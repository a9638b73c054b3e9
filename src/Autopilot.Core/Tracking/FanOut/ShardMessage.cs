using System.Text.Json;
using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking.FanOut;

/// <summary>"Work this shard off, in this tick."</summary>
/// <param name="Shard">Which one.</param>
/// <param name="DispatchedAt">When the tick began, by the dispatcher's clock. The cycle counts from it, so what is due does not depend on
/// how long the queue took. Two messages are ordered by it.</param>
/// <param name="ExpiresAt">When the tick is over: from then on the message is worth nothing, since the next tick has sent another.</param>
public sealed record ShardMessage(Shard Shard, DateTimeOffset DispatchedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>No tick is longer: a day is the longest that settings allow, and a schedule's may be some days more.</summary>
    private static readonly TimeSpan LongestTick = TimeSpan.FromDays(400);

    /// <summary>The message on the wire: a line of JSON.</summary>
    public string ToText() => JsonSerializer.Serialize(new Wire(Shard.Key, DispatchedAt, ExpiresAt), ShardMessageJson.Default.Wire);

    /// <summary>Reads a message; null when it is none of ours.</summary>
    public static ShardMessage? TryParse(string? text)
    {
        Wire? wire;
        try
        {
            wire = string.IsNullOrEmpty(text) ? null : JsonSerializer.Deserialize(text, ShardMessageJson.Default.Wire);
        }
        catch (JsonException)
        {
            return null;
        }

        // Whatever comes of it goes into a key and into comparisons: nothing is taken on trust.
        return
            wire is { Shard: { Length: 1 } key, DispatchedAt: { } dispatched, ExpiresAt: { } expires }
            && Shard.All.Where(shard => shard.Key == key).Cast<Shard?>().FirstOrDefault() is { } shard
            && expires > dispatched
            && expires - dispatched <= LongestTick
            ? new ShardMessage(shard, dispatched.ToUniversalTime(), expires.ToUniversalTime())
            : null;
    }

    internal sealed record Wire(string? Shard, DateTimeOffset? DispatchedAt, DateTimeOffset? ExpiresAt);
}
