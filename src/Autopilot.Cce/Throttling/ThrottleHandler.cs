using System.Net;
using Autopilot.Cce.Responses;

namespace Autopilot.Cce.Throttling;

/// <summary>
/// Waits for the rate limiter before each attempt. It is inside the retry, since an attempt is a request like any other, and outside the
/// timeout, since waiting is no slowness of upstream's.
/// </summary>
internal sealed class ThrottleHandler(UpstreamRateLimiter limiter, TimeProvider clock) : DelegatingHandler
{
    /// <summary>The 429 that is no throttling: the resource is locked.</summary>
    public const string LockedCode = "CCE.01429002";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = await limiter.WaitAsync(CceRequest.WithinOf(request), cancellationToken);
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch
        {
            limiter.Unanswered(sent);
            throw;
        }

        if (response.StatusCode != HttpStatusCode.TooManyRequests)
        {
            limiter.Passed(sent);
            return response;
        }

        var error = ErrorBody.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        if (error.Code == LockedCode)
        {
            request.Options.Set(LockedKey, true);
            limiter.Passed(sent);
        }
        else
        {
            limiter.Refused(ThrottleText.Window(error.Message), ThrottleText.RetryAfter(response, clock.GetUtcNow()), sent);
        }

        return response;
    }

    /// <summary>Whether the answer at hand was the lock, which is not worth another attempt.</summary>
    public static bool IsLocked(HttpRequestMessage? request) =>
        request is not null && request.Options.TryGetValue(LockedKey, out var locked) && locked;

    private static readonly HttpRequestOptionsKey<bool> LockedKey = new("Autopilot.Cce.Locked");
}
