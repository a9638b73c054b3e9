using Autopilot.Cce.Telemetry;
using Autopilot.Core.Upstream;
using Microsoft.Extensions.Logging;

namespace Autopilot.Cce.Rejections;

/// <summary>
/// Five bad signatures in a row lock an access key for all its users. So the first request of a process goes out alone, and after a
/// rejection one request every ten minutes does. All others wait for its outcome, or, while rejected, fail at once with the same error and
/// without a request. An outage decides nothing. Requests that wait then fail as the lone request did, so they pay for it once and not one
/// after another. While rejected, a probe without a decision counts as one: the circuit stays open until the next probe is due.
/// </summary>
internal sealed class CredentialCircuitBreaker
{
    /// <summary>Between two probes while our credentials are refused.</summary>
    public static readonly TimeSpan ProbeEvery = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _clock;
    private readonly TimeSpan _probeEvery;
    private readonly Action<UpstreamException, TimeSpan> _refused;
    private readonly Action<TimeSpan>? _lifted;
    private readonly Lock _lock = new();
    private TaskCompletionSource<UpstreamException?>? _alone;
    private bool _open;
    private UpstreamException? _refusal;
    private DateTimeOffset _since;

    // By the process's own time: setting a wrong clock right often ends a rejection, and must not delay the next probe by an hour.
    private long _refusedAt;
    private int _generation;
    private bool _accepted;

    public CredentialCircuitBreaker(TimeProvider clock, ILogger<CredentialCircuitBreaker> logger)
        : this(
            clock,
            ProbeEvery,
            (rejection, _) =>
                CceLog.Refused(logger, rejection.Failure, rejection.StatusCode, rejection.Code, rejection.RequestId, rejection.Message),
            after => CceLog.RefusalLifted(logger, after.TotalSeconds)
        ) { }

    /// <param name="probeEvery">Between two probes while refused, for as long as nothing has ever been accepted; <see cref="ProbeEvery"/>
    /// from then on, if that is shorter.</param>
    /// <param name="refused">Called with each rejection, and the time at which the next probe is due.</param>
    /// <param name="lifted">Called with how long the rejection lasted.</param>
    public CredentialCircuitBreaker(
        TimeProvider clock,
        TimeSpan probeEvery,
        Action<UpstreamException, TimeSpan> refused,
        Action<TimeSpan>? lifted
    ) => (_clock, _probeEvery, _refused, _lifted) = (clock, probeEvery, refused, lifted);

    /// <summary>Whether any request of this process has been accepted.</summary>
    public bool HasAccepted
    {
        get
        {
            lock (_lock)
            {
                return _accepted;
            }
        }
    }

    private TimeSpan Between => _accepted && ProbeEvery < _probeEvery ? ProbeEvery : _probeEvery;

    /// <summary>Since when, and why; null while upstream takes our requests, or has not said yet.</summary>
    public (DateTimeOffset Since, string Message)? Refusal
    {
        get
        {
            lock (_lock)
            {
                return _refusal is { } rejection ? (_since, rejection.Message) : null;
            }
        }
    }

    /// <summary>Waits until a request may go out. Each permit must be given back by <see cref="Report"/>, whatever happens.</summary>
    /// <exception cref="UpstreamException">The rejection that is still in force, or the outage that the awaited request has
    /// met.</exception>
    public async Task<RequestPermit> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<UpstreamException?> alone;
            lock (_lock)
            {
                if (_open)
                {
                    return new RequestPermit(_generation, Alone: false);
                }

                if (_refusal is { } rejection && (_alone is not null || _clock.GetElapsedTime(_refusedAt) < Between))
                {
                    throw Again(rejection, Between - _clock.GetElapsedTime(_refusedAt));
                }

                if (_alone is null)
                {
                    _alone = new TaskCompletionSource<UpstreamException?>(TaskCreationOptions.RunContinuationsAsynchronously);
                    return new RequestPermit(_generation, Alone: true);
                }

                alone = _alone.Task;
            }

            // The outage belongs to that request and is not kept: a later caller tries again, alone.
            if (await alone.WaitAsync(cancellationToken) is { } outage)
            {
                throw Again(outage, outage.RetryAfter);
            }
        }
    }

    /// <summary>Reports the outcome of the request.</summary>
    /// <param name="failure">How it failed; null of one that succeeded or was cancelled.</param>
    public void Report(RequestPermit permit, CredentialDecision decision, UpstreamException? failure = null)
    {
        TaskCompletionSource<UpstreamException?>? alone = null;
        lock (_lock)
        {
            if (permit.Alone)
            {
                (alone, _alone) = (_alone, null);
            }

            if (decision == CredentialDecision.Refused)
            {
                Refuse(permit, failure!);
            }
            else if (decision == CredentialDecision.Accepted)
            {
                Accept(permit);
            }
            else if (permit.Alone && failure is not null && _refusal is not null)
            {
                _refusedAt = _clock.GetTimestamp();
            }
        }

        alone?.TrySetResult(decision == CredentialDecision.None && failure is { Failure: UpstreamFailure.Unavailable } ? failure : null);
    }

    private void Refuse(RequestPermit permit, UpstreamException rejection)
    {
        // Requests that were on their way when the first rejection came add no information.
        if (permit.Generation != _generation)
        {
            return;
        }

        if (_refusal is null)
        {
            _since = _clock.GetUtcNow();
        }

        _refusal = rejection;
        _refusedAt = _clock.GetTimestamp();
        _open = false;
        _generation++;
        _refused(rejection, Between);
    }

    private void Accept(RequestPermit permit)
    {
        _accepted = true;
        if (!permit.Alone)
        {
            return;
        }

        if (_refusal is not null)
        {
            _lifted?.Invoke(_clock.GetUtcNow() - _since);
        }

        _refusal = null;
        _open = true;
    }

    /// <summary>An exception carries its own stack, so each caller gets one of its own.</summary>
    private static UpstreamException Again(UpstreamException failure, TimeSpan? retryAfter) =>
        new(failure.Failure, failure.Message)
        {
            StatusCode = failure.StatusCode,
            Code = failure.Code,
            RequestId = failure.RequestId,
            RetryAfter = retryAfter is { Ticks: > 0 } wait ? wait : null,
            TimedOut = failure.TimedOut,
            NotOffered = failure.NotOffered,
        };
}
