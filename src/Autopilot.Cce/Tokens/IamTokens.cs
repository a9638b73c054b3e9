using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Autopilot.Cce.Responses;
using Autopilot.Cce.Settings;
using Autopilot.Cce.Telemetry;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;
using Polly.Timeout;

namespace Autopilot.Cce.Tokens;

/// <summary>
/// Tokens from IAM by password. One is kept, and renewed half an hour before it expires and when CCE refuses it. At any time at most one
/// request for a token is on its way.
/// </summary>
internal sealed class IamTokens(
    PasswordCredential credential,
    CceOptions options,
    IHttpClientFactory clients,
    Failures failures,
    TimeProvider clock,
    ILogger<IamTokens> logger,
    Func<double> random
)
{
    /// <summary>Name of the client that speaks to IAM.</summary>
    public const string ClientName = "Autopilot.Cce.Iam";

    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Jitter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetryRenewalAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Kept? _kept;
    private Task<Kept>? _renewal;

    /// <summary>A token that is good as far as we know.</summary>
    /// <param name="refused">One that CCE has just refused, which must not be given again.</param>
    /// <exception cref="UpstreamException">IAM refuses us, or does not answer.</exception>
    public async Task<string> GetAsync(string? refused, CancellationToken cancellationToken)
    {
        Task<Kept> renewal;
        Kept? fallback;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (_kept is { } kept && kept.Token == refused)
            {
                _kept = null;
            }

            if (_kept is { } good && now < good.RenewAt)
            {
                return good.Token;
            }

            fallback = _kept is { } old && now < old.ExpiresAt ? old : null;
            // Not bound to the first caller's cancellation: the others await it too. The attempt timeout bounds it.
            renewal = _renewal ??= Task.Run(RenewAsync, CancellationToken.None);
        }

        try
        {
            return (await renewal.WaitAsync(cancellationToken)).Token;
        }
        catch (UpstreamException e) when (fallback is not null && !e.StopsCycle)
        {
            CceLog.TokenRenewalPutOff(logger, e.Failure, (fallback.ExpiresAt - clock.GetUtcNow()).TotalSeconds);
            return fallback.Token;
        }
    }

    private async Task<Kept> RenewAsync()
    {
        try
        {
            var kept = await RequestAsync();
            lock (_lock)
            {
                _kept = kept;
            }

            CceLog.TokenRenewed(logger, (kept.ExpiresAt - clock.GetUtcNow()).TotalSeconds);
            return kept;
        }
        catch when (PutOff())
        {
            throw;
        }
        finally
        {
            lock (_lock)
            {
                _renewal = null;
            }
        }
    }

    /// <summary>IAM being away is no reason to ask it at every request while the old token still holds.</summary>
    private bool PutOff()
    {
        lock (_lock)
        {
            if (_kept is { } kept)
            {
                _kept = kept with { RenewAt = clock.GetUtcNow() + RetryRenewalAfter };
            }
        }

        return true;
    }

    private async Task<Kept> RequestAsync()
    {
        var asked = clock.GetUtcNow();
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(credential.Endpoint, "/v3/auth/tokens?nocatalog=true"));
        message.Options.Set(CceRequest.Key, new CceRequest("CreateToken", "", "", BoundedContent.MaxErrorBytes));
        message.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(Body(), IamJson.Default.IamRequest))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
        };
        using var client = clients.CreateClient(ClientName);
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
        }
        catch (TimeoutRejectedException e)
        {
            throw Failures.TimedOut(credential.Endpoint.Authority, options.AttemptTimeout, e);
        }
        catch (HttpRequestException e)
        {
            throw Failures.Of(e, credential.Endpoint.Authority);
        }

        using (response)
        {
            var body = await response.Content.ReadAsByteArrayAsync();
            if (
                response.StatusCode != HttpStatusCode.Created
                || !response.Headers.TryGetValues("X-Subject-Token", out var tokens)
                || tokens.FirstOrDefault() is not { Length: > 0 } token
            )
            {
                throw failures.OfIam(response, body, credential.Endpoint);
            }

            var expires = ExpiresAt(body) ?? asked + TimeSpan.FromHours(24);
            var lifetime = expires - asked;
            var early = RenewBefore + random() * Jitter;
            // A lifetime shorter than that is renewed halfway.
            return new Kept(token, lifetime > early * 2 ? expires - early : asked + lifetime / 2, expires);
        }
    }

    private IamRequest Body() =>
        new(
            new(
                new(["password"], new(new(credential.Username, credential.Password, new(credential.DomainName)))),
                new(credential.ProjectName is { } name ? new(name) : new(Id: credential.ProjectId))
            )
        );

    private static DateTimeOffset? ExpiresAt(byte[] body)
    {
        try
        {
            using var document = ForeignJson.ParseObject(body);
            // RFC 3339, with six digits behind the second.
            var text = ForeignJson.Text(ForeignJson.Member(document.RootElement, "token"u8), "expires_at"u8, 64);
            return DateTimeOffset.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
                ? time
                : null;
        }
        catch (InvalidDocumentException)
        {
            return null;
        }
    }

    private sealed record Kept(string Token, DateTimeOffset RenewAt, DateTimeOffset ExpiresAt)
    {
        public override string ToString() => nameof(Kept);
    }
}
