namespace Autopilot.Api.Polling;

/// <summary>
/// What a host's rate limiter allows a caller with a limited key to do with <c>POST /api/poll</c>: a feature of the request. Without it
/// everything is allowed.
/// </summary>
/// <param name="TakeDuePoll">Counts a poll of what is due (<c>due=true</c>). Null where it is allowed; otherwise the time of the next one.
/// Any other poll of all is forbidden.</param>
public sealed record PollAllowance(Func<TimeSpan?> TakeDuePoll);
