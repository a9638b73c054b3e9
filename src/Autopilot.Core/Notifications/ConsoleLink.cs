using Autopilot.Core.Settings;

namespace Autopilot.Core.Notifications;

/// <summary>The cloud's console as messages link to it: an address with places for ids.</summary>
public sealed class ConsoleLink
{
    private static readonly string[] Places = ["{projectId}", "{clusterId}", "{workflowId}"];

    private readonly AddressTemplate _template;

    private ConsoleLink(AddressTemplate template) => _template = template;

    /// <summary>
    /// Reads an https address that may hold <c>{projectId}</c>, <c>{clusterId}</c> and <c>{workflowId}</c> behind its host; null when it is
    /// none.
    /// </summary>
    public static ConsoleLink? TryParse(string template) =>
        AddressTemplate.TryParse(template, Places) is { } parsed ? new ConsoleLink(parsed) : null;

    /// <summary>The address for a notification; null where an id that it needs is not known.</summary>
    public Uri? Of(Notification notification) =>
        _template.Fill(place =>
            place switch
            {
                "{projectId}" => notification.Facts.ProjectId,
                "{clusterId}" => notification.Facts.ClusterId,
                _ => notification.WorkflowId,
            }
        );
}
