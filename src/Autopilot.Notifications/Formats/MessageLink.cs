namespace Autopilot.Notifications.Formats;

/// <summary>
/// A link below a message. Only settings make one: no name of a cluster and no word of upstream is part of it but ids, which are escaped.
/// </summary>
/// <param name="Title">What it says, in words of ours.</param>
/// <param name="Url">Where it leads: an absolute address without user and key.</param>
internal sealed record MessageLink(string Title, Uri Url);
