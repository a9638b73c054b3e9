using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Stopping;

/// <summary>
/// Keeps a stopping worker alive until its invocations have written what they observed. They end soon, since each listens to
/// <see cref="IHostApplicationLifetime.ApplicationStopping"/>; a slow store takes what it needs, within limits.
/// </summary>
/// <remarks>
/// The worker passes the grace period of the host's terminate message to no one, and the host ends the process itself when the period is over. So after that
/// message the drain lasts as long as it takes, at most <see cref="LongestWait"/>. After a signal, or without a host, no one has named a period: it is <see cref="UnnamedGrace"/>.
/// </remarks>
internal sealed partial class InvocationDrain(InvocationsUnderWay invocations, TimeProvider clock, ILogger<InvocationDrain> logger) : IHostedService, IDisposable
{
    /// <summary>The limit where no grace period is named. The Functions host names the same: 5 s.</summary>
    public static readonly TimeSpan UnnamedGrace = TimeSpan.FromSeconds(5);

    /// <summary>The limit for a named one; no host is known that names more.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _limit = new(Timeout.InfiniteTimeSpan, clock);
    private PosixSignalRegistration? _terminated;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Beside the host's own handler, which stops the application.
        _terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => NoGraceIsNamed());
        return Task.CompletedTask;
    }

    /// <summary>The worker stops, and no terminate message names a grace period.</summary>
    public void NoGraceIsNamed()
    {
        try
        {
            _limit.CancelAfter(UnnamedGrace);
        }
        catch (ObjectDisposedException)
        {
            // The worker has stopped meanwhile.
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _limit.Token);
        try
        {
            await invocations.WhenNone().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            LogCutOff(logger, invocations.Count);
        }
    }

    public void Dispose()
    {
        _terminated?.Dispose();
        _limit.Dispose();
    }

    [LoggerMessage(EventId = 5002, EventName = "InvocationsCutOff", Level = LogLevel.Error, Message = "{Count} invocations had not ended when the grace period was over: what they observed and had not written is read again by the next cycle")]
    private static partial void LogCutOff(ILogger logger, int count);
}
