using System.Diagnostics.Tracing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Stopping;

/// <summary>
/// Stops the application when the worker's stream to its host ends: the host was killed, or has closed it. The worker itself reads on for
/// ever and would stay behind as an orphan that no one asks.
/// </summary>
/// <remarks>
/// The stream is the only gRPC call of the process. The client reports its end through its event source, <c>Grpc.Net.Client</c>.
/// </remarks>
internal sealed partial class HostStreamMonitor(IHostApplicationLifetime lifetime, InvocationDrain drain, ILogger<HostStreamMonitor> logger)
    : IHostedLifecycleService,
        IDisposable
{
    private StreamListener? _listener;

    /// <summary>
    /// Listens before any service starts: the worker's own opens the stream when it starts, and a stream that ends at once must not be
    /// missed.
    /// </summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _listener = new StreamListener(Ended);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener?.Dispose();

    private void Ended()
    {
        // Also while it stops: the host that named a grace period is gone and does not enforce it.
        drain.NoGraceIsNamed();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return;
        }

        LogEnded(logger);
        lifetime.StopApplication();
    }

    [LoggerMessage(
        EventId = 5003,
        EventName = "HostStreamEnded",
        Level = LogLevel.Warning,
        Message = "The stream to the Functions host has ended: this worker stops"
    )]
    private static partial void LogEnded(ILogger logger);

    private sealed class StreamListener(Action ended) : EventListener
    {
        private const string Client = "Grpc.Net.Client";
        private const string CallStop = "CallStop";

        // Also called from the base class's constructor, for every source that exists by then.
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == Client)
            {
                EnableEvents(eventSource, EventLevel.Verbose);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName == CallStop)
            {
                // Not within the client, which reports from the middle of its own clean-up.
                ThreadPool.UnsafeQueueUserWorkItem(static action => action(), ended, preferLocal: false);
            }
        }
    }
}
