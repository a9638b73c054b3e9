namespace Autopilot.Api.Polling;

/// <summary>
/// What a host's gate leaves of <c>POST /api/poll</c> to a caller with a limited key: a feature of the request. Without it everything is
/// allowed.
/// </summary>
/// <param name="TakeDuePoll">Counts a poll of what is due (<c>due=true</c>). Null where it may pass; else when the next one may. Any other
/// poll of all is forbidden.</param>
public sealed record PollAllowance(Func<TimeSpan?> TakeDuePoll);
