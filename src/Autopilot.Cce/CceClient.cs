using System.Net;
using Autopilot.Cce.Rejections;
using Autopilot.Cce.Responses;
using Autopilot.Cce.Settings;
using Autopilot.Cce.Telemetry;
using Autopilot.Cce.Throttling;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.Timeout;

namespace Autopilot.Cce;

/// <summary>
/// Sends a GET through rate limiter, circuit breakers and retries, and returns a value or throws an <see cref="UpstreamException"/>.
/// </summary>
internal sealed class CceClient(
    IHttpClientFactory clients,
    IOptions<CceOptions> options,
    CceConnection connection,
    CredentialCircuitBreaker rejections,
    OperationCircuitBreakers operations,
    UpstreamRateLimiter throttle,
    Failures failures,
    WireClock wire,
    ILogger<CceClient> logger
)
{
    /// <summary>Name of the client that speaks to CCE.</summary>
    public const string ClientName = "Autopilot.Cce";

    /// <summary>How upstream stands.</summary>
    public UpstreamStatus Status
    {
        get
        {
            // Where nothing was ever accepted, an operation that is not offered is a wrong address.
            var rejection = rejections.Refusal ?? (rejections.HasAccepted ? null : operations.Refusal);
            return new UpstreamStatus(rejection?.Since, rejection?.Message, throttle.Window);
        }
    }

    /// <inheritdoc cref="UpstreamRateLimiter.IsHalfUnspent"/>
    public bool IsHalfUnspent => throttle.IsHalfUnspent;

    /// <summary>Sends it, and reads the body of a 200 by <paramref name="read"/>.</summary>
    /// <exception cref="UpstreamException">There is no such value.</exception>
    public async Task<T> GetAsync<T>(CceRequest request, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellationToken)
    {
        if (request.Within is not { } within)
        {
            return await GetWithinLimitsAsync(request, read, cancellationToken);
        }

        using var patience = new CancellationTokenSource(within, wire.Clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await GetWithinLimitsAsync(request, read, linked.Token);
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failures.OutOfPatience(connection.Endpoint.Authority, within, e);
        }
    }

    /// <summary>
    /// Any request but the read of a workflow passes a circuit breaker of its own first, which only its own failures open.
    /// </summary>
    private Task<T> GetWithinLimitsAsync<T>(CceRequest request, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellationToken) =>
        request.IsMain
            ? ThroughAsync(rejections, DecisionOf, () => SendAsync(request, read, cancellationToken), cancellationToken)
            : ThroughAsync(
                operations.Of(request.Operation),
                OfferOf,
                () => ThroughAsync(rejections, DecisionOf, () => SendAsync(request, read, cancellationToken), cancellationToken),
                cancellationToken
            );

    /// <summary>Sends once the circuit breaker lets it, and always reports the outcome to it.</summary>
    private static async Task<T> ThroughAsync<T>(
        CredentialCircuitBreaker breaker,
        Func<UpstreamException, CredentialDecision> judge,
        Func<Task<T>> sendAsync,
        CancellationToken cancellationToken
    )
    {
        var permit = await breaker.EnterAsync(cancellationToken);
        var decision = CredentialDecision.None;
        UpstreamException? failure = null;
        try
        {
            var value = await sendAsync();
            decision = CredentialDecision.Accepted;
            return value;
        }
        catch (UpstreamException e)
        {
            (decision, failure) = (judge(e), e);
            throw;
        }
        finally
        {
            breaker.Report(permit, decision, failure);
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
                var failure = failures.Of(
                    response,
                    body,
                    response.StatusCode == HttpStatusCode.TooManyRequests ? throttle.CurrentWait : null
                );
                throw failure.Failure is UpstreamFailure.Misconfigured && !request.IsMain
                    ? Failures.NotOffered(failure, request.Within is not null)
                    : failure;
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

    /// <summary>Whether the gateway offers an operation. CCE's own responses, and rejections by the gateway, show that it does.</summary>
    private static CredentialDecision OfferOf(UpstreamException e) =>
        e switch
        {
            { NotOffered: true } => CredentialDecision.Refused,
            { Failure: UpstreamFailure.Rejected } => CredentialDecision.None,
            _ => DecisionOf(e),
        };

    /// <summary>Whatever CCE itself has answered came through the gateway's check of our credentials.</summary>
    private static CredentialDecision DecisionOf(UpstreamException e) =>
        e switch
        {
            { StopsCycle: true } => CredentialDecision.Refused,
            // The gateway has no such route, so it has checked nothing else.
            { NotOffered: true } => CredentialDecision.None,
            { StatusCode: 407 } => CredentialDecision.None,
            { Failure: UpstreamFailure.NotFound or UpstreamFailure.Denied or UpstreamFailure.Locked } => CredentialDecision.Accepted,
            { Code: { } code } when code.StartsWith("CCE.", StringComparison.Ordinal) => CredentialDecision.Accepted,
            _ => CredentialDecision.None,
        };
}
