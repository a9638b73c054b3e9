using System.Net;
using Autopilot.Cce.Answers;
using Autopilot.Cce.Refusals;
using Autopilot.Cce.Settings;
using Autopilot.Cce.Throttling;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;
using Polly.Timeout;

namespace Autopilot.Cce;

/// <summary>Sends a GET through everything that stands between us and upstream, and turns whatever comes of it into a value or an <see cref="UpstreamException"/>.</summary>
internal sealed class CceClient(
    IHttpClientFactory clients, IOptions<CceOptions> options, CceConnection connection, RefusalGate refusals, ThrottleGate throttle, Failures failures, WireClock wire)
{
    /// <summary>Name of the client that speaks to CCE.</summary>
    public const string ClientName = "Autopilot.Cce";

    /// <summary>How upstream stands.</summary>
    public UpstreamStanding Standing
    {
        get
        {
            var refusal = refusals.Refusal;
            return new UpstreamStanding(refusal?.Since, refusal?.Message, throttle.Window);
        }
    }

    /// <summary>Sends it, and reads the body of a 200 by <paramref name="read"/>.</summary>
    /// <exception cref="UpstreamException">There is no such value.</exception>
    public async Task<T> GetAsync<T>(CceRequest request, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellationToken)
    {
        if (request.Within is not { } within)
            return await GetInTurnAsync(request, read, cancellationToken);

        using var patience = new CancellationTokenSource(within, wire.Clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await GetInTurnAsync(request, read, linked.Token);
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failures.OutOfPatience(connection.Endpoint.Authority, within, e);
        }
    }

    private async Task<T> GetInTurnAsync<T>(CceRequest request, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellationToken)
    {
        var pass = await refusals.EnterAsync(cancellationToken);
        var verdict = Verdict.None;
        UpstreamException? refusal = null;
        try
        {
            var value = await SendAsync(request, read, cancellationToken);
            verdict = Verdict.Accepted;
            return value;
        }
        catch (UpstreamException e) when (request.Within is not null && e.Failure is UpstreamFailure.Misconfigured)
        {
            // What everything depends on has just been read there: a side road that does not exist is no reason to close the gate.
            verdict = Verdict.Accepted;
            throw Failures.NoSuchRoute(e);
        }
        catch (UpstreamException e)
        {
            (verdict, refusal) = (VerdictOf(e), e);
            throw;
        }
        finally
        {
            refusals.Report(pass, verdict, refusal);
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

        using (response)
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
                throw failures.Of(response, body, response.StatusCode == HttpStatusCode.TooManyRequests ? throttle.CurrentWait : null);
            try
            {
                return read(body);
            }
            catch (InvalidDocumentException e)
            {
                throw failures.Unreadable(response, body, e.Message);
            }
        }
    }

    /// <summary>Whatever CCE itself has answered came through the gateway's check of our credentials.</summary>
    private static Verdict VerdictOf(UpstreamException e) => e switch
    {
        { StopsCycle: true } => Verdict.Refused,
        { StatusCode: 407 } => Verdict.None,
        { Failure: UpstreamFailure.NotFound or UpstreamFailure.Denied or UpstreamFailure.Locked } => Verdict.Accepted,
        { Code: { } code } when code.StartsWith("CCE.", StringComparison.Ordinal) => Verdict.Accepted,
        _ => Verdict.None,
    };
}
