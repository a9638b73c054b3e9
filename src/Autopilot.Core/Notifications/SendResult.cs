namespace Autopilot.Core.Notifications;

/// <summary>How an attempt went.</summary>
/// <param name="Delivered">The receiver took it (2xx).</param>
/// <param name="Status">HTTP status, when there was an answer.</param>
/// <param name="Error">What was wrong, in our own text without any of the address or the response; null when delivered.</param>
/// <param name="Took">How long it took.</param>
/// <param name="RetryAfter">What the receiver asked for.</param>
/// <param name="ContentRefused">It is this content that was refused: the webhook may well take another.</param>
public sealed record SendResult(
    bool Delivered,
    int? Status,
    string? Error,
    TimeSpan Took,
    TimeSpan? RetryAfter = null,
    bool ContentRefused = false
);
