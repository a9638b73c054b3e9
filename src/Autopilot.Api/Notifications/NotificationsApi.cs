using Autopilot.Api.OpenApi;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Autopilot.Api.Notifications;

/// <summary>The routes of notifications: the webhooks, the notifications that could not be delivered, and a test for people.</summary>
internal static class NotificationsApi
{
    /// <summary>Most records of what was given up.</summary>
    private const int MaxUndelivered = 100;

    public static IEndpointRouteBuilder MapNotificationsApi(this IEndpointRouteBuilder api)
    {
        api.MapMethods("/notifications", ReadMethods.All, GetAsync)
            .WithName("GetNotifications")
            .WithSummary("The webhooks, what waits for each, and what none of their attempts could deliver.")
            .Offers(Format.Json)
            .WithDescription(
                "Of a webhook's address only the host is shown, which is enough to know it by. `waiting` counts what a webhook has "
                    + "not taken yet; `lastError` is how the last attempt failed."
            )
            .Answers<NotificationsResponse>("The webhooks, and what was given up.");
        api.MapPost("/notifications/test", TestAsync)
            .WithName("TestNotifications")
            .Takes(ParameterCatalog.Webhook)
            .WithSummary("Sends a sample to every webhook and returns what each answered.")
            .Offers(Format.Json)
            .WithDescription("A webhook that does not take the sample does not fail this: its entry says what it answered.")
            .HasOwnDeadline()
            .Answers<NotificationTestResponse>("What each webhook answered.")
            .Fails(404, ProblemCode.WebhookNotFound)
            .Fails(409, ProblemCode.NoWebhooks);
        return api;
    }

    internal static async Task<IResult> GetAsync(
        [FromServices] IOptions<NotificationOptions> options,
        [FromServices] INotificationOutbox outbox,
        [FromServices] WebhookStatusReader webhooks,
        CancellationToken cancellationToken
    )
    {
        var unreadable = new UnreadableCount();
        var undelivered = await outbox.ReadUndeliveredAsync(MaxUndelivered, unreadable, cancellationToken);
        var statuses = await webhooks.ReadAsync(undelivered, cancellationToken);
        var answer = new NotificationsResponse(
            [.. statuses.Select(WebhookResponse.Of)],
            options.Value.SettleFor.TotalSeconds,
            undelivered,
            unreadable.RowsIfAny
        );
        return new Representation(JsonBody.Serialize(answer, ApiJson.Default.NotificationsResponse));
    }

    internal static async Task<IResult> TestAsync(
        [FromServices] NotificationTest test,
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        if (test.Webhooks.Count == 0)
        {
            return new ProblemResult(ProblemFactory.NoWebhooks());
        }

        var tested = await test.RunAsync(ParameterValues.Of(request)[ParameterCatalog.Webhook], cancellationToken);
        if (tested.Count == 0)
        {
            return new ProblemResult(ProblemFactory.WebhookNotFound(test.Webhooks.Select(known => known.Name)));
        }

        var answer = new NotificationTestResponse(
            tested.Count(one => one.Result.Delivered),
            tested.Count(one => !one.Result.Delivered),
            [.. tested.Select(WebhookTestResponse.Of)]
        );
        return new Representation(JsonBody.Serialize(answer, ApiJson.Default.NotificationTestResponse));
    }
}
