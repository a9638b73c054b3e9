using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking.FanOut;

/// <summary>
/// Carries shards from the scheduler to the pollers. It may deliver late, twice and in any order. Every method throws
/// <see cref="StorageUnavailableException"/> when the queue cannot be reached, and no other storage exception.
/// </summary>
public interface IShardQueue
{
    /// <summary>Puts one message on the queue; it vanishes by itself when its tick is over. Makes the queue when it is missing.</summary>
    Task SendAsync(ShardMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Receives up to <paramref name="atMost"/> messages (1–32), which other receivers don't see for <paramref name="hiddenFor"/>; an empty
    /// list when there are none.
    /// </summary>
    Task<IReadOnlyList<ReceivedShard>> ReceiveAsync(int atMost, TimeSpan hiddenFor, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a message that has been processed. Does nothing for one that is deleted, or that another process has received since.
    /// </summary>
    Task DeleteAsync(ReceivedShard received, CancellationToken cancellationToken);

    /// <summary>Shows the message to others at once: this process stops and did not finish.</summary>
    Task ReturnAsync(ReceivedShard received, CancellationToken cancellationToken);
}
