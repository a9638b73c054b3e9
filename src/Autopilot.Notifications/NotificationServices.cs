using Autopilot.Core.Notifications;
using Autopilot.Notifications.Running;
using Autopilot.Notifications.Sending;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Autopilot.Notifications;

/// <summary>Webhooks behind the domain's port.</summary>
public static class NotificationServices
{
    /// <summary>
    /// Adds <see cref="INotificationSender"/> over HTTP, and what delivers in the background. Needs Core, whose section
    /// <c>Notifications</c> names the webhooks, and a store's outbox.
    /// </summary>
    public static IServiceCollection AddAutopilotNotifications(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        WebhookClients.Add(services);
        services.TryAddSingleton<WebhookHandshake>();
        services.TryAddSingleton<NotificationLinks>();
        services.TryAddSingleton<INotificationSender, WebhookSender>();
        services.AddHostedService<NotificationDeliveryService>();
        return services;
    }
}
