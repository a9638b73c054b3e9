using Autopilot.Core.Rows;
using Azure;
using Azure.Identity;

namespace Autopilot.Storage.Tables;

/// <summary>What a failed request to the table service means.</summary>
internal static class StorageFailure
{
    /// <summary>Whether the failure is the store's: what leaves the store is then <see cref="StorageUnavailableException"/>.</summary>
    public static bool IsOne(Exception exception, CancellationToken cancellationToken) =>
        exception switch
        {
            RequestFailedException or AuthenticationFailedException or IOException or System.Net.Http.HttpRequestException => true,
            _ when IsBrokenResponse(exception) => true,
            // The SDK reports its network timeout as a cancellation although the caller's token is not cancelled; retries come as an
            // AggregateException.
            OperationCanceledException => !cancellationToken.IsCancellationRequested,
            AggregateException bundle => bundle.InnerExceptions.All(e => IsOne(e, cancellationToken)),
            _ => false,
        };

    /// <summary>
    /// The exception that leaves the store in place of this one. Null for one that is no failure of the store, or is the caller's own
    /// cancellation already. The token is read once, since it may be cancelled in between.
    /// </summary>
    /// <param name="exception">What the SDK threw.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <param name="service">Which of the account's services it was.</param>
    public static Exception? Of(Exception exception, CancellationToken cancellationToken, string service = "table")
    {
        var seen = new CancellationToken(cancellationToken.IsCancellationRequested);
        // The caller has left in the middle of a retry: the SDK then bundles what the attempts before met with the cancellation, and a
        // bundle is no cancellation to anything above.
        if (seen.IsCancellationRequested && exception is AggregateException)
        {
            return new OperationCanceledException("The caller left while a request to storage was retried.", exception, cancellationToken);
        }
        return IsOne(exception, seen) ? Unavailable(exception, service) : null;
    }

    /// <summary>The failure of a read whose body is <c>null</c>, over which the SDK stumbles; null for every other exception.</summary>
    public static Exception? OfNullBody(Exception exception) => exception is NullReferenceException ? Unavailable(exception) : null;

    /// <summary>
    /// Whether an answer of success could not be read, as when a proxy answers a page of its own, or the answer was cut. What the SDK
    /// throws then has no type of its own.
    /// </summary>
    public static bool IsBrokenResponse(Exception exception) =>
        exception
            is System.Text.Json.JsonException
                or InvalidDataException
                or FormatException
                or KeyNotFoundException
                or System.Xml.XmlException
                or InvalidOperationException;

    /// <summary>Whether a write that failed like this may be committed nevertheless.</summary>
    public static bool IsAmbiguous(Exception exception) =>
        exception switch
        {
            RequestFailedException failed => failed.Status is 0 or 408 or >= 500,
            AuthenticationFailedException => false,
            _ => true,
        };

    public static bool IsTableMissing(Exception exception) =>
        exception is RequestFailedException { Status: 404, ErrorCode: "TableNotFound" };

    public static bool IsQueueMissing(Exception exception) =>
        exception is RequestFailedException { Status: 404, ErrorCode: "QueueNotFound" };

    public static bool IsTableThere(Exception exception) =>
        exception is RequestFailedException { Status: 409, ErrorCode: "TableAlreadyExists" };

    public static bool IsConflict(Exception exception) =>
        exception is RequestFailedException { Status: 409 or 412 } failed
        && failed.ErrorCode is not ("TableBeingDeleted" or "AccountBeingCreated");

    public static bool IsMissing(Exception exception) => exception is RequestFailedException { Status: 404 } && !IsTableMissing(exception);

    /// <summary>Whether the service refuses what the request holds: sending the same again is useless.</summary>
    public static bool IsRejectedContent(Exception exception) => exception is RequestFailedException { Status: 400 or 413 };

    /// <param name="service">Which of the account's services it was.</param>
    public static StorageUnavailableException Unavailable(Exception exception, string service = "table")
    {
        var cause = exception is AggregateException { InnerExceptions.Count: > 0 } bundle ? bundle.InnerExceptions[^1] : exception;
        var named = ServiceAddressPolicy.Of(exception) is { } address ? $"{service} service at {address}" : $"{service} service";
        return new StorageUnavailableException(
            cause switch
            {
                // The SDK's own message repeats headers and content of the response, so only its code and status are shown.
                RequestFailedException { Status: 0 } => $"The {named} cannot be reached: no connection, or it was cut.",
                RequestFailedException { Status: 401 or 403 } failed =>
                    $"The {named} refuses our credentials or rights ({failed.Status} {failed.ErrorCode}): check the "
                        + $"connection string, or that the identity has the role 'Storage {(service is "table" ? "Table" : "Queue")} Data "
                        + "Contributor' and the firewall lets us in.",
                RequestFailedException failed => $"The {named} failed ({failed.Status} {failed.ErrorCode}).",
                AuthenticationFailedException => $"No token for the {named}: the identity is missing or may not be used here.",
                OperationCanceledException => $"The {named} did not answer in time.",
                { } broken when IsBrokenResponse(broken) =>
                    $"The answer of the {named} cannot be read: is it a proxy's, or another service's?",
                _ => $"The {named} cannot be reached: no connection, or it was cut.",
            },
            exception
        );
    }
}
