using System.Text.Json;
using Autopilot.Api.Representations;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Api.Workflows;

/// <summary>One state with its document: what the history says of it, and upstream's JSON byte for byte.</summary>
internal static class StateBody
{
    public static ReadOnlyMemory<byte> Write(HistoryState state) =>
        JsonBytes.Write(writer =>
        {
            var item = HistoryItem.Of(state.Entry);
            writer.WriteStartObject();
            writer.WriteNumber("sequence"u8, item.Sequence);
            writer.WriteString("observedAt"u8, InstantText.Of(item.ObservedAt));
            writer.WriteString("phase"u8, item.Phase.Value);
            writer.WriteString("assessment"u8, item.Assessment.ToString());
            writer.WritePropertyName("changes"u8);
            JsonSerializer.Serialize(writer, item.Changes, ApiJson.Default.IReadOnlyListStateChange);
            writer.WritePropertyName("document"u8);
            // It was read as JSON before it was stored; reading it again would only cost time.
            writer.WriteRawValue(state.Document.Span, skipInputValidation: true);
            writer.WriteEndObject();
        });
}
