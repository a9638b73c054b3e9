using Autopilot.Core.Tracking.FanOut;
using Autopilot.Storage.Settings;
using Autopilot.Storage.Tables;
using Azure.Core;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace Autopilot.Storage.FanOut;

/// <summary>The shards' messages on an Azure storage queue, as plain text, so that the portal's queue browser shows them.</summary>
internal sealed partial class StorageShardQueue(StorageOptions options, ILogger<StorageShardQueue> logger) : IShardQueue
{
    private const string Service = "queue";

    // A retried send may put a message twice, and a retried receive may hide one for nothing: both are harmless here.
    private readonly Lazy<QueueClient> _queue = new(() => Connect(options));

    public async Task SendAsync(ShardMessage message, CancellationToken cancellationToken)
    {
        // Whole seconds, rounded up: a little too long is dropped by who receives it, too short would lose a tick.
        var timeToLive = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((message.ExpiresAt - message.DispatchedAt).TotalSeconds)));
        await GuardAsync(
            async (queue, token) => await queue.SendMessageAsync(message.ToText(), visibilityTimeout: null, timeToLive, token),
            cancellationToken
        );
    }

    public async Task<IReadOnlyList<ReceivedShard>> ReceiveAsync(int atMost, TimeSpan hiddenFor, CancellationToken cancellationToken)
    {
        IReadOnlyList<QueueMessage> messages = [];
        await GuardAsync(
            async (queue, token) => messages = (await queue.ReceiveMessagesAsync(atMost, hiddenFor, token)).Value,
            cancellationToken,
            createIfMissing: false
        );
        return [.. messages.Select(message => new ReceivedShard(message.MessageText, message.MessageId, message.PopReceipt))];
    }

    public Task DeleteAsync(ReceivedShard received, CancellationToken cancellationToken) =>
        GuardAsync(
            (queue, token) => queue.DeleteMessageAsync(received.Id, received.Receipt, token),
            cancellationToken,
            createIfMissing: false
        );

    public Task ReturnAsync(ReceivedShard received, CancellationToken cancellationToken) =>
        GuardAsync(
            (queue, token) => queue.UpdateMessageAsync(received.Id, received.Receipt, received.Text, TimeSpan.Zero, token),
            cancellationToken,
            createIfMissing: false
        );

    /// <summary>Creates the queue where it is missing and asks for its properties.</summary>
    /// <returns>Where it is, as text without a secret.</returns>
    public async Task<string> CheckAsync(CancellationToken cancellationToken)
    {
        await GuardAsync((queue, token) => queue.GetPropertiesAsync(token), cancellationToken);
        return $"queue {options.PollQueue} at {_queue.Value.Uri.GetLeftPart(UriPartial.Path)} can be reached";
    }

    private async Task GuardAsync(
        Func<QueueClient, CancellationToken, Task> request,
        CancellationToken cancellationToken,
        bool createIfMissing = true
    )
    {
        for (var created = !createIfMissing; ; created = true)
        {
            using var deadline = new OperationDeadline(options.OperationTimeout, cancellationToken).Start();
            try
            {
                await request(_queue.Value, deadline.Token);
                return;
            }
            catch (Exception e) when (StorageFailure.IsQueueMissing(e) && !created)
            {
                await CreateAsync(cancellationToken);
            }
            catch (Exception e) when (StorageFailure.IsQueueMissing(e) || IsNotOurs(e))
            {
                // Nothing was sent yet, or the message has expired or been received by another since: nothing to do.
                if (createIfMissing)
                {
                    throw StorageFailure.Unavailable(e, Service);
                }
                return;
            }
            catch (Exception e) when (StorageFailure.Of(e, cancellationToken, Service) is { } failure)
            {
                throw failure;
            }
        }
    }

    private static bool IsNotOurs(Exception exception) =>
        exception is Azure.RequestFailedException { ErrorCode: "MessageNotFound" or "PopReceiptMismatch" };

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        using var deadline = new OperationDeadline(options.OperationTimeout, cancellationToken).Start();
        try
        {
            // 204 where it is there already: another process was faster.
            if ((await _queue.Value.CreateIfNotExistsAsync(cancellationToken: deadline.Token)) is not null)
            {
                LogQueueCreated(options.PollQueue);
            }
        }
        catch (Exception e) when (StorageFailure.Of(e, cancellationToken, Service) is { } failure)
        {
            throw failure;
        }
    }

    private static QueueClient Connect(StorageOptions options)
    {
        // host.json says the same to the platform's queue trigger.
        var client = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        client.AddRetries(retries: 3);
        client.AddPolicy(new CountOperationsPolicy(Service), HttpPipelinePosition.PerRetry);
        client.AddPolicy(new ServiceAddressPolicy(options.Source ?? StorageOptions.Setting), HttpPipelinePosition.PerCall);
        options.ConfigureQueueClient?.Invoke(client);
        if (options.ConnectionString is { } connectionString)
        {
            return new QueueClient(connectionString, options.PollQueue, client);
        }
        var service = new Uri(options.QueueServiceUri ?? $"https://{options.AccountName}.queue.core.windows.net");
        return new QueueServiceClient(service, StorageTables.CredentialOf(options), client).GetQueueClient(options.PollQueue);
    }

    [LoggerMessage(
        EventId = 2401,
        EventName = "QueueCreated",
        Level = LogLevel.Information,
        Message = "Queue {Queue} was not there and has been created"
    )]
    private partial void LogQueueCreated(string queue);
}
