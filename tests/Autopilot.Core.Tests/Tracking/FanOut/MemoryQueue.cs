using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.FanOut;

namespace Autopilot.Core.Tests.Tracking.FanOut;

/// <summary>The queue's port: keeps what was sent, for the test to deliver as it likes.</summary>
internal sealed class MemoryQueue : IShardQueue
{
    private readonly Lock _lock = new();
    private readonly List<string> _texts = [];

    /// <summary>Whether it cannot be reached.</summary>
    public bool Down { get; set; }

    /// <summary>Everything that was ever sent, in order.</summary>
    public IReadOnlyList<ShardMessage> Sent
    {
        get
        {
            lock (_lock)
            {
                return [.. _texts.Select(text => ShardMessage.TryParse(text)!)];
            }
        }
    }

    public Task SendAsync(ShardMessage message, CancellationToken cancellationToken)
    {
        if (Down)
        {
            throw new StorageUnavailableException("The queue service cannot be reached.");
        }

        lock (_lock)
        {
            _texts.Add(message.ToText());
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ReceivedShard>> ReceiveAsync(int atMost, TimeSpan hiddenFor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task DeleteAsync(ReceivedShard received, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReturnAsync(ReceivedShard received, CancellationToken cancellationToken) => throw new NotSupportedException();
}
