using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Notifications.Formats;

/// <summary>A message with an Adaptive Card, as a Teams workflow ("when a webhook request is received") takes it.</summary>
internal static class TeamsMessage
{
    public static ReadOnlyMemory<byte> Write(Notification notification, IReadOnlyList<MessageLink>? links = null)
    {
        var telling = Telling.Of(notification);
        for (var details = telling.Details.Count; ; details--)
        {
            var body = Write(telling with { Details = [.. telling.Details.Take(details)] }, links ?? []);
            if (body.Length <= CardWriter.MaxBytes)
                return body;
            if (details == 0)
                return Write(telling with { Details = [], Message = ForeignText.OneLine(telling.Message, 500), ToDo = ForeignText.OneLine(telling.ToDo, 500) }, links ?? []);
        }
    }

    private static ReadOnlyMemory<byte> Write(Telling telling, IReadOnlyList<MessageLink> links) => JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("contentType", CardWriter.AttachmentType);
        json.WriteNull("contentUrl");
        json.WritePropertyName("content");
        CardWriter.Write(json, card =>
        {
            card.Block(new CardRun(telling.Title) { Bold = true, Size = "Large", Mood = telling.Mood });
            if (telling.ToDo is { } toDo)
                card.Labelled("To do", toDo);
            card.Block(new CardRun(telling.Headline));
            if (telling.Message is { } message)
                card.Block(new CardRun(message));
            foreach (var detail in telling.Details)
                card.Block(new CardRun(detail), spacing: "Small");
            foreach (var (label, value) in telling.Facts)
                card.Labelled(label, value, spacing: "Small");
            if (links.Count > 0)
                card.Links(links.Select(link => (link.Title, link.Url)));
            card.Block(new CardRun(telling.Footer) { Size = "Small", Subtle = true });
        }, wide: true);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
