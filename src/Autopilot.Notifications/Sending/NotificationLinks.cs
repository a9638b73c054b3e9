using Autopilot.Core.Notifications;
using Autopilot.Core.Settings;
using Autopilot.Notifications.Formats;
using Microsoft.Extensions.Options;

namespace Autopilot.Notifications.Sending;

/// <summary>
/// Where a message leads: to this API by its public address, and to the cloud's console. Made of settings and ids alone, and never with a
/// key.
/// </summary>
internal sealed class NotificationLinks(IOptions<NotificationOptions> notifications, IOptions<PublicOptions> options)
{
    private readonly string _base = options.Value.Base;

    /// <summary>The links below a message, the preferred one first. A sample is about no upgrade, so it links to the list.</summary>
    public IReadOnlyList<MessageLink> ForPeople(Notification notification)
    {
        var links = new List<MessageLink>();
        if (notification.Sample)
        {
            Add("Open the upgrades", Of("/api/workflows?format=text"));
            return links;
        }

        Add("Open the upgrade", Of($"{Summary(notification)}?format=text"));
        Add("Open the timeline", Of($"{Timeline(notification)}?format=svg"));
        Add("Open the console", notifications.Value.ConsoleUrl?.Of(notification));
        return links;

        void Add(string title, Uri? url)
        {
            if (url is not null)
            {
                links.Add(new MessageLink(title, url));
            }
        }
    }

    /// <summary>
    /// In an event, for a program, which chooses the form by <c>Accept</c>; null where nothing is known, and of a sample.
    /// </summary>
    public EventLinks? ForPrograms(Notification notification)
    {
        if (notification.Sample)
        {
            return null;
        }

        var console = notifications.Value.ConsoleUrl?.Of(notification)?.AbsoluteUri;
        return _base.Length == 0 && console is null
            ? null
            : new EventLinks(Of(Summary(notification))?.AbsoluteUri, Of(Timeline(notification))?.AbsoluteUri, console);
    }

    private static string Summary(Notification notification) => $"/api/workflows/{Uri.EscapeDataString(notification.WorkflowId)}";

    private static string Timeline(Notification notification) => $"{Summary(notification)}/timeline";

    private Uri? Of(string path) => _base.Length == 0 ? null : new Uri(_base + path);
}
