using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Notifications.Formats;

/// <summary>A message with an Adaptive Card, as a Teams workflow ("when a webhook request is received") takes it.</summary>
internal static class TeamsMessage
{
    public static ReadOnlyMemory<byte> Write(Notification notification, IReadOnlyList<MessageLink>? links = null)
    {
        var view = NotificationView.Of(notification);
        for (var details = view.Details.Count; ; details--)
        {
            var body = Write(view with { Details = [.. view.Details.Take(details)] }, links ?? []);
            if (body.Length <= CardWriter.MaxBytes)
            {
                return body;
            }

            if (details == 0)
            {
                return Write(
                    view with
                    {
                        Details = [],
                        Message = ForeignText.OneLine(view.Message, 500),
                        ToDo = ForeignText.OneLine(view.ToDo, 500),
                    },
                    links ?? []
                );
            }
        }
    }

    private static ReadOnlyMemory<byte> Write(NotificationView view, IReadOnlyList<MessageLink> links) =>
        JsonBytes.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "message");
            json.WriteStartArray("attachments");
            json.WriteStartObject();
            json.WriteString("contentType", CardWriter.AttachmentType);
            json.WriteNull("contentUrl");
            json.WritePropertyName("content");
            CardWriter.Write(
                json,
                card =>
                {
                    card.Block(
                        new CardText(view.Title)
                        {
                            Bold = true,
                            Size = "Large",
                            Severity = view.Severity,
                        }
                    );
                    if (view.ToDo is { } toDo)
                    {
                        card.Labelled("To do", toDo);
                    }

                    if (view.MayDo is { } mayDo)
                    {
                        card.Labelled("You may", mayDo, spacing: "Small");
                    }

                    card.Block(new CardText(view.Headline));
                    if (view.Message is { } message)
                    {
                        card.Block(new CardText(message));
                    }

                    foreach (var detail in view.Details)
                    {
                        card.Block(new CardText(detail), spacing: "Small");
                    }

                    foreach (var (label, value) in view.Facts)
                    {
                        card.Labelled(label, value, spacing: "Small");
                    }

                    if (links.Count > 0)
                    {
                        card.Links(links.Select(link => (link.Title, link.Url)));
                    }

                    card.Block(new CardText(view.Footer) { Size = "Small", Subtle = true });
                },
                wide: true
            );
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
}
