namespace Autopilot.Notifications.Formats;

/// <summary>
/// A link below a message. Only settings make one: no name of a cluster and no text of upstream is part of it but ids, which are escaped.
/// </summary>
/// <param name="Title">A text of ours.</param>
/// <param name="Url">Where it leads: an absolute address without user and key.</param>
internal sealed record MessageLink(string Title, Uri Url);
