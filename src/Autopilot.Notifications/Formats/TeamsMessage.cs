using System.Text.Json;
using Autopilot.Core.Notifications;

namespace Autopilot.Notifications.Formats;

/// <summary>
/// A message with an Adaptive Card 1.5, as a Teams workflow ("when a webhook request is received") takes it. All of it is text runs, which know no markdown, so that nobody's
/// name can become a link; what clients look for in plain text all the same is broken up by an invisible blank. There are no actions.
/// </summary>
internal static class TeamsMessage
{
    /// <summary>Teams takes less than 28 KB, counted in bytes; what is over it is dropped without a word.</summary>
    public const int MaxBytes = 28 * 1024 - 1;

    private const string CardType = "application/vnd.microsoft.card.adaptive";

    public static byte[] Write(Notification notification)
    {
        var telling = Telling.Of(notification);
        for (var details = telling.Details.Count; ; details--)
        {
            var body = Write(telling with { Details = [.. telling.Details.Take(details)] });
            if (body.Length <= MaxBytes)
                return body;
            if (details == 0)
                return Write(telling with { Details = [], Message = PlainLine.Of(telling.Message, 500), ToDo = PlainLine.Of(telling.ToDo, 500) });
        }
    }

    private static byte[] Write(Telling telling) => Bodies.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("contentType", CardType);
        json.WriteNull("contentUrl");
        json.WriteStartObject("content");
        json.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        json.WriteString("type", "AdaptiveCard");
        json.WriteString("version", "1.5");
        json.WriteStartObject("msteams");
        json.WriteString("width", "Full");
        json.WriteEndObject();
        json.WriteStartArray("body");

        Block(json, () => Run(json, telling.Title, bold: true, size: "Large", color: ColorOf(telling.Mood)));
        Block(json, () => Run(json, telling.Headline));
        foreach (var (label, value) in telling.Facts)
        {
            Block(json, spacing: "Small", runs: () =>
            {
                Run(json, $"{label}: ", bold: true);
                Run(json, value);
            });
        }

        if (telling.Message is { } message)
            Block(json, () => Run(json, message));
        foreach (var detail in telling.Details)
            Block(json, () => Run(json, detail), spacing: "Small");
        if (telling.ToDo is { } toDo)
        {
            Block(json, () =>
            {
                Run(json, "To do: ", bold: true);
                Run(json, toDo);
            });
        }

        Block(json, () => Run(json, telling.Footer, size: "Small", subtle: true));
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Links, mentions and date functions are recognised by these signs in plain text too.</summary>
    internal static string Defused(string text) => text
        .Replace("://", ":\u200B//", StringComparison.Ordinal)
        .Replace("www.", "www\u200B.", StringComparison.OrdinalIgnoreCase)
        .Replace("mailto:", "mailto\u200B:", StringComparison.OrdinalIgnoreCase)
        .Replace("{{", "{\u200B{", StringComparison.Ordinal)
        .Replace("@{", "@\u200B{", StringComparison.Ordinal)
        .Replace("${", "$\u200B{", StringComparison.Ordinal)
        .Replace("<", "<\u200B", StringComparison.Ordinal);

    private static void Block(Utf8JsonWriter json, Action runs, string? spacing = null)
    {
        json.WriteStartObject();
        json.WriteString("type", "RichTextBlock");
        if (spacing is not null)
            json.WriteString("spacing", spacing);
        json.WriteStartArray("inlines");
        runs();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Run(Utf8JsonWriter json, string text, bool bold = false, bool subtle = false, string? size = null, string? color = null)
    {
        json.WriteStartObject();
        json.WriteString("type", "TextRun");
        json.WriteString("text", Defused(text));
        if (bold)
            json.WriteString("weight", "Bolder");
        if (size is not null)
            json.WriteString("size", size);
        if (color is not null)
            json.WriteString("color", color);
        if (subtle)
            json.WriteBoolean("isSubtle", true);
        json.WriteEndObject();
    }

    private static string? ColorOf(Mood mood) => mood switch
    {
        Mood.Good => "Good",
        Mood.Careful => "Warning",
        Mood.Bad => "Attention",
        _ => null,
    };
}
