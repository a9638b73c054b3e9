using System.Net;
using Autopilot.Cce.Answers;
using Autopilot.Cce.Refusals;
using Autopilot.Cce.Settings;
using Autopilot.Cce.Telemetry;
using Autopilot.Cce.Throttling;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.Timeout;

namespace Autopilot.Cce;

/// <summary>Sends a GET through everything that stands between us and upstream, and turns whatever comes of it into a value or an <see cref="UpstreamException"/>.</summary>
internal sealed class CceClient(
    IHttpClientFactory clients, IOptions<CceOptions> options, CceConnection connection, RefusalGate refusals, OperationGates operations, ThrottleGate throttle,
    Failures failures, WireClock wire, ILogger<CceClient> logger)
{
    /// <summary>Name of the client that speaks to CCE.</summary>
    public const string ClientName = "Autopilot.Cce";

    /// <summary>How upstream stands.</summary>
    public UpstreamStanding Standing
    {
        get
        {
            // Where nothing was ever accepted, an operation that is not offered is a wrong address.
            var refusal = refusals.Refusal ?? (refusals.HasAccepted ? null : operations.Refusal);
            return new UpstreamStanding(refusal?.Since, refusal?.Message, throttle.Window);
        }
    }

    /// <summary>Sends it, and reads the body of a 200 by <paramref name="read"/>.</summary>
    /// <exception cref="UpstreamException">There is no such value.</exception>
    public async Task<T> GetAsync<T>(CceRequest request, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellationToken)
    {
        if (request.Within is not { } within)
            return await GetThroughGatesAsync(request, read, cancellationToken);

        using var patience = new CancellationTokenSource(within, wire.Clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await GetThroughGatesAsync(request, read, linked.Token);
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failures.OutOfPatience(connection.Endpoint.Authority, within, e);
        }
    }

    /// <summary>Anything but the reading of a workflow passes a gate of its own first, which it alone can close.</summary>
    private Task<T> GetThroughGatesAsync<T>(CceRequest request, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellationToken) => request.IsMain
        ? ThroughAsync(refusals, VerdictOf, () => SendAsync(request, read, cancellationToken), cancellationToken)
        : ThroughAsync(
            operations.Of(request.Operation), OfferOf,
            () => ThroughAsync(refusals, VerdictOf, () => SendAsync(request, read, cancellationToken), cancellationToken), cancellationToken);

    /// <summary>Sends once the gate lets it, and reports how it went, whatever happens.</summary>
    private static async Task<T> ThroughAsync<T>(RefusalGate gate, Func<UpstreamException, Verdict> judge, Func<Task<T>> sendAsync, CancellationToken cancellationToken)
    {
        var pass = await gate.EnterAsync(cancellationToken);
        var verdict = Verdict.None;
        UpstreamException? failure = null;
        try
        {
            var value = await sendAsync();
            verdict = Verdict.Accepted;
            return value;
        }
        catch (UpstreamException e)
        {
            (verdict, failure) = (judge(e), e);
            throw;
        }
        finally
        {
            gate.Report(pass, verdict, failure);
        }
    }

    private async Task<T> SendAsync<T>(CceRequest request, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage(connection);
        var client = clients.CreateClient(ClientName);
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (TimeoutRejectedException e)
        {
            throw Failures.TimedOut(connection.Endpoint.Authority, options.Value.AttemptTimeout, e);
        }
        catch (HttpRequestException e)
        {
            throw Failures.Of(e, connection.Endpoint.Authority);
        }
        catch (Exception e) when (e is not (OperationCanceledException or UpstreamException))
        {
            CceLog.RequestFailed(logger, e, request.Operation);
            throw Failures.Unexpected(connection.Endpoint.Authority, e);
        }

        using (response)
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                var failure = failures.Of(response, body, response.StatusCode == HttpStatusCode.TooManyRequests ? throttle.CurrentWait : null);
                throw failure.Failure is UpstreamFailure.Misconfigured && !request.IsMain ? Failures.NotOffered(failure, request.Within is not null) : failure;
            }

            try
            {
                return read(body);
            }
            catch (InvalidDocumentException e)
            {
                throw failures.Unreadable(response, body, e.Message);
            }
            catch (Exception e)
            {
                CceLog.AnswerNotRead(logger, e, request.Operation, (int)response.StatusCode);
                throw failures.Unreadable(response, body, "the log says more.");
            }
        }
    }

    /// <summary>Whether the gateway offers an operation. CCE's own answers, and refusals by the gateway, show that it does.</summary>
    private static Verdict OfferOf(UpstreamException e) => e switch
    {
        { NotOffered: true } => Verdict.Refused,
        { Failure: UpstreamFailure.Rejected } => Verdict.None,
        _ => VerdictOf(e),
    };

    /// <summary>Whatever CCE itself has answered came through the gateway's check of our credentials.</summary>
    private static Verdict VerdictOf(UpstreamException e) => e switch
    {
        { StopsCycle: true } => Verdict.Refused,
        // The gateway knows no such route, and has judged nothing else.
        { NotOffered: true } => Verdict.None,
        { StatusCode: 407 } => Verdict.None,
        { Failure: UpstreamFailure.NotFound or UpstreamFailure.Denied or UpstreamFailure.Locked } => Verdict.Accepted,
        { Code: { } code } when code.StartsWith("CCE.", StringComparison.Ordinal) => Verdict.Accepted,
        _ => Verdict.None,
    };
}
