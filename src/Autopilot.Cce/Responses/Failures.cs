using System.Globalization;
using System.Text;
using Autopilot.Cce.Settings;
using Autopilot.Cce.Throttling;
using Autopilot.Core.Upstream;

namespace Autopilot.Cce.Responses;

/// <summary>Says what an answer that is no success, or no answer at all, means for the one who asked, and what to do.</summary>
internal sealed class Failures(CceConnection connection, Redactor redactor, TimeProvider clock)
{
    /// <summary>Upstream refuses signatures that are further off than 15 minutes; a third of that is worth a log message.</summary>
    private static readonly TimeSpan NotableSkew = TimeSpan.FromMinutes(5);

    /// <summary>
    /// An answer of CCE or its gateway. The code decides what a 404 means. <c>CCE.*</c> is a workflow unknown to it, <c>APIGW.*</c> an API
    /// that does not exist there. A body that is no JSON comes from something else than the API (a proxy, another server) and is
    /// <c>Invalid</c>. Any other code is <c>Denied</c>.
    /// </summary>
    /// <param name="wait">How long to wait, where we know it better than the answer.</param>
    public UpstreamException Of(HttpResponseMessage response, ReadOnlyMemory<byte> body, TimeSpan? wait)
    {
        var status = (int)response.StatusCode;
        var error = ErrorBody.Read(body);
        var gateway = error.Code?.StartsWith("APIGW.", StringComparison.OrdinalIgnoreCase) == true;
        var service = error.Code?.StartsWith("CCE.", StringComparison.OrdinalIgnoreCase) == true;
        var cause = status is 403 or 405 ? RejectionCauses.Of(error) : (RejectionCause?)null;
        var (failure, advice) = status switch
        {
            401 => (UpstreamFailure.Rejected, AboutCredentials(response, error.Message)),
            404 when service => (
                UpstreamFailure.NotFound,
                "CCE does not know this workflow or cluster (any more): compare the ids and Cce:ProjectId with the console."
            ),
            404 when gateway => (
                UpstreamFailure.Misconfigured,
                $"There is no such API at {Place}: check Cce:Region, Cce:Endpoint and Cce:PathPrefix."
            ),
            404 when !error.Readable => (
                UpstreamFailure.Invalid,
                $"This does not look like the CCE API: see that {Place} is its address and that no proxy answers in its place."
            ),
            // The gateway answers 405 to an account that is frozen.
            403 or 405 when cause is { } known && (status == 403 || known == RejectionCause.Account) => (
                UpstreamFailure.Denied,
                RejectionCauses.Advice(known)
            ),
            407 => (UpstreamFailure.Denied, "A proxy on the way wants to know who we are: check HTTPS_PROXY."),
            409 => (UpstreamFailure.Locked, "Another request holds it at present; the next poll reads it."),
            429 when error.Code == ThrottleHandler.LockedCode => (
                UpstreamFailure.Locked,
                "Another request holds it at present; the next poll reads it."
            ),
            429 => (UpstreamFailure.Throttled, "Too many requests for now; set Cce:RequestsPerMinute to stay below the limit."),
            >= 500 or 408 => (UpstreamFailure.Unavailable, "The next poll tries again."),
            >= 300 and < 400 => (
                UpstreamFailure.Invalid,
                $"Redirects are not followed, since the API sends none: see that {Place} is its address."
            ),
            >= 200 and < 300 => (UpstreamFailure.Invalid, "A read is answered by 200 alone."),
            _ => (UpstreamFailure.Denied, "Upstream refuses this one request; compare the ids with the console."),
        };
        return new UpstreamException(failure, Sentence($"Upstream answered {status}", error, advice))
        {
            StatusCode = status,
            Cause = status == 403 || cause == RejectionCause.Account ? cause : null,
            Code = Code(error),
            RequestId = RequestId(response, error),
            RetryAfter = ThrottleText.RetryAfter(response, clock.GetUtcNow()) ?? wait,
        };
    }

    /// <summary>
    /// A failed response of IAM to the request for a token. What it refuses, it refuses for everything that this process reads.
    /// </summary>
    public UpstreamException OfIam(HttpResponseMessage response, ReadOnlyMemory<byte> body, Uri endpoint)
    {
        var status = (int)response.StatusCode;
        var error = ErrorBody.Read(body);
        var (failure, advice) = status switch
        {
            404 => (UpstreamFailure.Misconfigured, $"See that {endpoint.Authority} is IAM's address (Cce:Region, Cce:Iam:Endpoint)."),
            429 => (UpstreamFailure.Throttled, "Too many requests for a token."),
            >= 500 or 408 => (UpstreamFailure.Unavailable, "The next poll tries again."),
            >= 400 => (
                UpstreamFailure.Rejected,
                "Check Cce:Iam:Username, Cce:Iam:Password, Cce:Iam:DomainName and Cce:Iam:ProjectName; a HUAWEI ID cannot get a "
                    + "token, only an IAM user."
            ),
            _ => (
                UpstreamFailure.Misconfigured,
                $"A token comes with 201: see that {endpoint.Authority} is IAM's address (Cce:Iam:Endpoint)."
            ),
        };
        return new UpstreamException(failure, Sentence($"IAM answered {status} to the request for a token", error, advice))
        {
            StatusCode = status,
            Code = Code(error),
            RequestId = RequestId(response, error),
            RetryAfter = ThrottleText.RetryAfter(response, clock.GetUtcNow()),
        };
    }

    /// <summary>No answer after the last attempt.</summary>
    public static UpstreamException Of(HttpRequestException exception, string authority) =>
        new(
            UpstreamFailure.Unavailable,
            exception.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError =>
                    $"The name {authority} cannot be resolved: check Cce:Region, Cce:Endpoint and the network's name service.",
                HttpRequestError.ConnectionError =>
                    $"No connection to {authority}: check that the network lets it through, and Cce:Endpoint.",
                HttpRequestError.SecureConnectionError =>
                    $"No trusted TLS connection to {authority}: check Cce:Endpoint and any proxy that opens TLS.",
                HttpRequestError.ProxyTunnelError => $"The proxy opens no way to {authority}: check HTTPS_PROXY.",
                HttpRequestError.ResponseEnded or HttpRequestError.Unknown when exception.InnerException is IOException =>
                    $"{authority} cut the connection before its answer was whole.",
                HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse =>
                    $"{authority} answers something else than HTTP: check Cce:Endpoint.",
                var kind => $"The request to {authority} failed ({kind}).",
            },
            exception
        );

    /// <summary>Every attempt ran into its timeout.</summary>
    public static UpstreamException TimedOut(string authority, TimeSpan timeout, Exception exception) =>
        new(
            UpstreamFailure.Unavailable,
            $"{authority} gave no complete answer within {timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s "
                + "(Cce:AttemptTimeout).",
            exception
        )
        {
            TimedOut = true,
        };

    /// <summary>No answer within the time that this request was worth.</summary>
    public static UpstreamException OutOfPatience(string authority, TimeSpan within, Exception exception) =>
        new(
            UpstreamFailure.Unavailable,
            $"{authority} gave no complete answer within {within.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s.",
            exception
        )
        {
            TimedOut = true,
        };

    /// <summary>A fault on the way that no rule covers.</summary>
    public static UpstreamException Unexpected(string authority, Exception exception) =>
        new(UpstreamFailure.Unavailable, $"The request to {authority} failed in an unexpected way; the log says more.", exception);

    /// <summary>The gateway does not offer an operation that polling can do without.</summary>
    /// <param name="ofTask">Of a task's document nothing more can be found out, so it counts as not found.</param>
    public static UpstreamException NotOffered(UpstreamException exception, bool ofTask) =>
        new(
            ofTask ? UpstreamFailure.NotFound : UpstreamFailure.Misconfigured,
            ofTask ? "The gateway does not offer this API." : exception.Message,
            exception
        )
        {
            NotOffered = true,
            StatusCode = exception.StatusCode,
            Code = exception.Code,
            RequestId = exception.RequestId,
        };

    /// <summary>A success whose body is not what was asked for.</summary>
    public UpstreamException Unreadable(HttpResponseMessage response, ReadOnlySpan<byte> body, string reason) =>
        new(
            UpstreamFailure.Invalid,
            LooksLikeHtml(body)
                ? $"Upstream answered {(int)response.StatusCode} with a web page in place of JSON: see that {Place} is the API's "
                    + "address and that no proxy answers in its place."
                : $"Upstream answered {(int)response.StatusCode} with "
                    + $"{(body.Length == 0 ? "an empty body" : "a body that cannot be read")}: {redactor.Redact(reason)} The last good "
                    + "state is kept."
        )
        {
            StatusCode = (int)response.StatusCode,
            RequestId = RequestId(response, default),
        };

    private string Place => connection.Endpoint.Authority;

    private string AboutCredentials(HttpResponseMessage response, string? message)
    {
        var text = new StringBuilder();
        var skew = response.Headers.Date is { } theirs ? clock.GetUtcNow() - theirs : TimeSpan.Zero;
        if (connection.Credential is KeyCredential)
        {
            if (skew.Duration() > NotableSkew)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"This machine's clock is {Math.Round(skew.Duration().TotalMinutes)} min "
                        + $"{(skew > TimeSpan.Zero ? "ahead of" : "behind")} upstream's, and signatures hold for 15 min: set the clock. "
                );
            }
            else if (message?.Contains("expire", StringComparison.OrdinalIgnoreCase) == true)
            {
                text.Append("A signature holds for 15 min: compare this machine's clock with the true time. ");
            }

            text.Append("Check Cce:AccessKey, Cce:SecretKey and, with temporary credentials, Cce:SecurityToken.");
        }
        else
        {
            text.Append(
                connection.Credential is HandTokenCredential
                    ? "Cce:Token is refused: it holds for 24 hours and for one region; get a new one."
                    : "A fresh token was refused as well: check that Cce:Iam:ProjectName is the project of the region that "
                        + "Cce:Region names."
            );
        }

        return text.ToString();
    }

    private string Sentence(string what, ErrorBody error, string advice)
    {
        var text = new StringBuilder(what);
        if (Code(error) is { } code)
        {
            text.Append(CultureInfo.InvariantCulture, $" {code}");
        }

        if (redactor.Redact(error.Message) is { } message)
        {
            text.Append(CultureInfo.InvariantCulture, $" ({message.TrimEnd('.')})");
        }

        return text.Append(". ").Append(advice).ToString();
    }

    private string? Code(ErrorBody error) => redactor.Redact(error.Code) is { Length: <= 64 } code ? code : null;

    private string? RequestId(HttpResponseMessage response, ErrorBody error)
    {
        foreach (var name in (ReadOnlySpan<string>)["X-Request-Id", "X-IAM-Trace-Id"])
        {
            if (response.Headers.TryGetValues(name, out var values) && redactor.Redact(values.FirstOrDefault()) is { Length: <= 128 } id)
            {
                return id;
            }
        }

        return redactor.Redact(error.RequestId) is { Length: <= 128 } given ? given : null;
    }

    private static bool LooksLikeHtml(ReadOnlySpan<byte> body)
    {
        var text = body.TrimStart(" \t\r\n\uFEFF"u8);
        return text.Length > 0 && text[0] == (byte)'<';
    }
}
