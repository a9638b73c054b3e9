using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Stopping;

/// <summary>
/// Keeps a stopping worker alive until its invocations have written what they observed. They end soon, since each listens to
/// <see cref="IHostApplicationLifetime.ApplicationStopping"/>; a slow store takes what it needs, within limits.
/// </summary>
/// <remarks>
/// The worker passes the grace period of the host's terminate message to no one. The host ends the process itself when the period is over.
/// So after that message the drain lasts as long as it takes, at most <see cref="LongestWait"/>. After a signal, or without a host, no one
/// has named a period: it is <see cref="UnnamedGrace"/>.
/// </remarks>
internal sealed partial class InvocationDrain(InvocationsUnderWay invocations, TimeProvider clock, ILogger<InvocationDrain> logger)
    : IHostedService,
        IDisposable
{
    /// <summary>The limit where no grace period is named. The Functions host names the same: 5 s.</summary>
    public static readonly TimeSpan UnnamedGrace = TimeSpan.FromSeconds(5);

    /// <summary>The limit for a named one; no host is known that names more.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>The signals that stop the application.</summary>
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT];

    private readonly CancellationTokenSource _limit = new(Timeout.InfiniteTimeSpan, clock);
    private readonly CancellationTokenSource _cutOff = new();
    private PosixSignalRegistration[] _signals = [];
    private int _armed;

    /// <summary>Cancelled when the limit is over: what still runs is given up.</summary>
    public CancellationToken CutOff => _cutOff.Token;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _limit.Token.Register(GiveUp);
        // Beside the host's own handlers, which stop the application.
        _signals = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, _ => NoGraceIsNamed()))];
        return Task.CompletedTask;
    }

    /// <summary>
    /// The worker stops, and no grace period is named, or no longer. The first call starts the limit, which no later one prolongs.
    /// </summary>
    public void NoGraceIsNamed()
    {
        if (Interlocked.CompareExchange(ref _armed, 1, 0) != 0)
        {
            return;
        }

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
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cutOff.Token);
        try
        {
            await invocations.WhenNone().WaitAsync(ended.Token);
        }
        catch (OperationCanceledException)
        {
            GiveUp();
        }
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _limit.Dispose();
        _cutOff.Dispose();
    }

    /// <summary>Logs what has not ended, then cuts it off.</summary>
    private void GiveUp()
    {
        if (Interlocked.Exchange(ref _armed, 2) == 2)
        {
            return;
        }

        var (reads, others) = invocations.Counts;
        if (others > 0)
        {
            LogCutOff(logger, others);
        }

        if (reads > 0)
        {
            LogReadsCutOff(logger, reads);
        }

        _cutOff.Cancel();
    }

    [LoggerMessage(
        EventId = 5002,
        EventName = "InvocationsCutOff",
        Level = LogLevel.Error,
        Message = "{Count} invocations had not ended when the grace period was over: what they observed and had not written is read "
            + "again by the next cycle"
    )]
    private static partial void LogCutOff(ILogger logger, int count);

    [LoggerMessage(
        EventId = 5004,
        EventName = "ReadsCutOff",
        Level = LogLevel.Warning,
        Message = "{Count} HTTP reads had not ended when the grace period was over: their callers got no whole answer, and nothing "
            + "else is lost"
    )]
    private static partial void LogReadsCutOff(ILogger logger, int count);
}
