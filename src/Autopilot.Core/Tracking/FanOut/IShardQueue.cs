using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking.FanOut;

/// <summary>
/// Carries shards from whoever keeps the schedule to whoever polls. It may deliver late, twice and in any order. Every method throws
/// <see cref="StorageUnavailableException"/> when the queue cannot be reached, and nothing else of its own.
/// </summary>
public interface IShardQueue
{
    /// <summary>Puts one message on the queue; it vanishes by itself when its tick is over. Makes the queue when it is missing.</summary>
    Task SendAsync(ShardMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Takes up to <paramref name="atMost"/> messages (1–32), which others don't see for <paramref name="hiddenFor"/>; none when there are
    /// none.
    /// </summary>
    Task<IReadOnlyList<ReceivedShard>> ReceiveAsync(int atMost, TimeSpan hiddenFor, CancellationToken cancellationToken);

    /// <summary>The message is done with. One that is gone, or that somebody else has taken since, is none of ours any more.</summary>
    Task DeleteAsync(ReceivedShard received, CancellationToken cancellationToken);

    /// <summary>Shows the message to others at once: this process stops and did not finish.</summary>
    Task ReturnAsync(ReceivedShard received, CancellationToken cancellationToken);
}
