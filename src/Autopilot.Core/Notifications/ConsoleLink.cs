namespace Autopilot.Core.Notifications;

/// <summary>The cloud's console as messages link to it: an address with places for ids.</summary>
public sealed class ConsoleLink
{
    private readonly string _template;

    private ConsoleLink(string template) => _template = template;

    /// <summary>
    /// Reads an https address that may hold <c>{projectId}</c>, <c>{clusterId}</c> and <c>{workflowId}</c> behind its host; null when it is
    /// none.
    /// </summary>
    public static ConsoleLink? TryParse(string template) =>
        Fill(template, _ => "x") is { } filled
        && !filled.Contains('{', StringComparison.Ordinal)
        && !filled.Contains('}', StringComparison.Ordinal)
        && Uri.TryCreate(filled, UriKind.Absolute, out var url)
        && url is { Scheme: "https", UserInfo.Length: 0, Host.Length: > 0 }
        && Uri.TryCreate(Fill(template, _ => "y"), UriKind.Absolute, out var other)
        && other.Host == url.Host
            ? new ConsoleLink(template)
            : null;

    /// <summary>The address for a notification; null where an id that it needs is not known.</summary>
    public Uri? Of(Notification notification)
    {
        var complete = true;
        var filled = Fill(
            _template,
            place =>
            {
                var id = place switch
                {
                    "{projectId}" => notification.Facts.ProjectId,
                    "{clusterId}" => notification.Facts.ClusterId,
                    _ => notification.WorkflowId,
                };
                complete &= id is not null;
                return Uri.EscapeDataString(id ?? "");
            }
        );
        return complete ? new Uri(filled) : null;
    }

    private static string Fill(string template, Func<string, string> value) =>
        ((string[])["{projectId}", "{clusterId}", "{workflowId}"]).Aggregate(
            template,
            (text, place) =>
                text.Contains(place, StringComparison.Ordinal) ? text.Replace(place, value(place), StringComparison.Ordinal) : text
        );
}
