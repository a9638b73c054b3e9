using Autopilot.Simulator.Iam;
using Autopilot.Simulator.Signing;
using Microsoft.AspNetCore.Http.Features;

namespace Autopilot.Simulator.Gateway;

/// <summary>Who asks: a token, or a signature over the very request that arrived.</summary>
internal sealed class Authentication(SimulatorOptions options, TokenEndpoint tokens, TimeProvider time)
{
    private const int LongestBody = 12 * 1024 * 1024;
    private static readonly TimeSpan LongestSkew = TimeSpan.FromMinutes(15);

    private readonly AccessKeyLock _lock = new(time);

    /// <summary>True when the request may pass; otherwise it has been answered.</summary>
    public async Task<bool> AdmitAsync(HttpContext context)
    {
        if (Refusal(context, await ReadBodyAsync(context.Request, context.RequestAborted)) is not { } rejection)
        {
            return true;
        }

        await rejection;
        return false;
    }

    private Task? Refusal(HttpContext context, byte[] body)
    {
        var headers = context.Request.Headers;
        if (headers.TryGetValue("X-Auth-Token", out var token))
        {
            if (!tokens.Knows(token.ToString(), out var expiresAt))
            {
                return context.UnauthenticatedAsync("decrypt token fail");
            }

            return expiresAt > time.GetUtcNow()
                ? null
                : context.GatewayErrorAsync(StatusCodes.Status401Unauthorized, "APIGW.0307", "The token must be updated.");
        }

        if (!headers.TryGetValue("Authorization", out var authorization))
        {
            return context.UnauthenticatedAsync("x-auth-token not found");
        }

        if (SignatureVerifier.ReadAuthorization(authorization.ToString()) is not { } credential)
        {
            return context.UnauthenticatedAsync("authorization header is invalid");
        }

        if (credential.AccessKey != options.AccessKey)
        {
            return context.UnauthenticatedAsync($"Get secretKey failed,ak:{credential.AccessKey},err:ak not exist");
        }

        if (_lock.IsLocked)
        {
            return context.UnauthenticatedAsync("AK access failed to reach the limit, forbidden.");
        }

        var date = headers["X-Sdk-Date"].ToString();
        if (SignatureVerifier.ReadDate(date) is not { } signedAt)
        {
            return context.UnauthenticatedAsync("x-sdk-date is missing or not of the form yyyyMMddTHHmmssZ");
        }

        if ((signedAt - time.GetUtcNow()).Duration() > LongestSkew)
        {
            return context.UnauthenticatedAsync($"signature expired, x-sdk-date {date} is more than 15 minutes off");
        }

        if (options.SecurityToken is { } securityToken && headers["X-Security-Token"].ToString() != securityToken)
        {
            return context.UnauthenticatedAsync("verify security token fail");
        }

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var canonical = SignatureVerifier.CanonicalRequest(
            context.Request.Method,
            target,
            credential.SignedHeaders,
            name => headers.TryGetValue(name, out var value) ? value.ToString() : null,
            body
        );
        var good =
            canonical is not null
            && credential.SignedHeaders.Contains("x-sdk-date")
            && (options.SecurityToken is null || credential.SignedHeaders.Contains("x-security-token"))
            && SignatureVerifier.Equal(SignatureVerifier.Sign(canonical, date, options.SecretKey), credential.Signature);
        _lock.Record(good);

        // The real gateway echoes what it would have signed, secrets in headers included: clients have to redact it.
        return good
            ? null
            : context.UnauthenticatedAsync("verify aksk signature fail, " + (canonical ?? "a signed header is missing").Replace('\n', '|'));
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0)
        {
            return [];
        }

        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellationToken);
        if (buffer.Length > LongestBody)
        {
            throw new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);
        }

        request.Body = new MemoryStream(buffer.ToArray());
        return buffer.ToArray();
    }
}
