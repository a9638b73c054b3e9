using System.Text;
using System.Text.Json;
using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Notifications.Formats;

/// <summary>
/// A message in Block Kit. Foreign text is escaped as Slack asks for (<c>&amp;</c>, <c>&lt;</c>, <c>&gt;</c>) and verbatim. So a name
/// cannot become a mention, a channel or a link. There are no buttons; the links below come from settings.
/// </summary>
internal static class SlackMessage
{
    /// <summary>Slack's bounds: characters of a header, of a section's text, of a field, and fields of a section.</summary>
    public const int MaxHeader = 150,
        MaxText = 3000,
        MaxField = 2000,
        MaxFields = 10;

    public static ReadOnlyMemory<byte> Write(Notification notification, IReadOnlyList<MessageLink>? links = null)
    {
        var view = NotificationView.Of(notification);
        return JsonBytes.Write(json =>
        {
            json.WriteStartObject();
            // What a phone's notification shows.
            json.WriteString("text", Escaped(view.Headline, MaxText));
            json.WriteBoolean("mrkdwn", false);
            json.WriteBoolean("unfurl_links", false);
            json.WriteBoolean("unfurl_media", false);
            json.WriteStartArray("blocks");

            json.WriteStartObject();
            json.WriteString("type", "header");
            json.WriteStartObject("text");
            json.WriteString("type", "plain_text");
            json.WriteString("text", ForeignText.OneLine(Broken(view.Title), MaxHeader));
            json.WriteBoolean("emoji", false);
            json.WriteEndObject();
            json.WriteEndObject();

            if (view.ToDo is { } toDo)
            {
                Section(json, $"*To do*\n{Escaped(toDo, MaxText - 64)}");
            }

            if (view.MayDo is { } mayDo)
            {
                Section(json, $"*You may*\n{Escaped(mayDo, MaxText - 64)}");
            }

            Section(json, Escaped(view.Headline, MaxText));
            if (view.Message is { } message)
            {
                Section(json, Escaped(message, MaxText));
            }

            if (view.Details.Count > 0)
            {
                Section(json, Escaped(string.Join('\n', view.Details.Select(detail => $"• {detail}")), MaxText));
            }

            json.WriteStartObject();
            json.WriteString("type", "section");
            json.WriteStartArray("fields");
            foreach (var (label, value) in view.Facts.Take(MaxFields))
            {
                Text(json, $"*{label}*\n{Escaped(value, MaxField - 64)}");
            }

            json.WriteEndArray();
            json.WriteEndObject();

            if (links is { Count: > 0 })
            {
                Section(
                    json,
                    string.Join(
                        "  ",
                        links.Select(link => $"<{link.Url.AbsoluteUri.Replace("&", "&amp;", StringComparison.Ordinal)}|{link.Title}>")
                    )
                );
            }

            json.WriteStartObject();
            json.WriteString("type", "context");
            json.WriteStartArray("elements");
            Text(json, Escaped(view.Footer, MaxField));
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>Escaped and no longer than allowed; an escape is never cut in two.</summary>
    internal static string Escaped(string text, int most)
    {
        var escaped = new StringBuilder();
        foreach (var rune in Broken(text).EnumerateRunes())
        {
            var next = rune.Value switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                _ => rune.ToString(),
            };
            if (escaped.Length + next.Length > most - 1)
            {
                return escaped.Append('…').ToString();
            }

            escaped.Append(next);
        }

        return escaped.ToString();
    }

    // An address in plain text becomes a link in some clients, whatever the message says.
    private static string Broken(string text) => text.Replace("://", ":\u200B//", StringComparison.Ordinal);

    private static void Section(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "section");
        json.WritePropertyName("text");
        Text(json, text);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "mrkdwn");
        // Slack refuses an empty text.
        json.WriteString("text", text.Length > 0 ? text : " ");
        json.WriteBoolean("verbatim", true);
        json.WriteEndObject();
    }
}
