using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Autopilot.Core.Workflows;
using Autopilot.Storage;
using Autopilot.Storage.Rows;
using Azure.Data.Tables;

namespace Autopilot.Benchmarks.Requests;

/// <summary>The row of an active workflow, upstream's official example with its failed task, as the table service sends it.</summary>
internal static class MadeRow
{
    public const string Id = "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1";

    /// <summary>Its ETag, which the service returns in the row and in the header of a point read.</summary>
    public const string Version = "W/\"datetime'2026-11-23T08%3A00%3A00.0000000Z'\"";

    private static readonly TableEntity Row = Make();

    public static string Partition => Row.PartitionKey;

    public static string Key => Row.RowKey;

    public static byte[] Json()
    {
        using var buffer = new MemoryStream();
        // As the service escapes: no more than it must.
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("odata.metadata", $"http://127.0.0.1/$metadata#{Servers.Prefix}Workflows/@Element");
            writer.WriteString("odata.etag", Version);
            writer.WriteString("Timestamp", "2026-11-23T08:00:00.0000000Z");
            foreach (var (name, value) in Row)
            {
                Write(writer, name, value);
            }

            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, object value)
    {
        var (type, text) = value switch
        {
            DateTimeOffset time => ("Edm.DateTime", time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            long number => ("Edm.Int64", number.ToString(CultureInfo.InvariantCulture)),
            byte[] bytes => ("Edm.Binary", Convert.ToBase64String(bytes)),
            _ => (null, null),
        };
        if (type is not null)
        {
            writer.WriteString($"{name}@odata.type", type);
            writer.WriteString(name, text);
            return;
        }

        writer.WritePropertyName(name);
        switch (value)
        {
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteStringValue((string)value);
                break;
        }
    }

    private static TableEntity Make()
    {
        var observed = new DateTimeOffset(2023, 11, 25, 8, 0, 0, TimeSpan.Zero);
        var document = WorkflowDocument.Read(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "show-workflow.json")));
        var row = new TrackedWorkflow
        {
            Target = new("77b6a44cba5143ab91d13ab9a8ff44fd", "b4b9e60f-8aa2-11ee-af09-0255ac10004f", Id),
            ClusterName = "shop-production",
            TrackedAt = observed,
            Sequence = 1,
            Hash = document.Hash,
            State = document.State,
            Runs = TaskAttempts.Observe([], document.State, observed),
            PhaseSince = observed,
            LastChangedAt = observed,
            ObservedAt = observed,
            // Far in the future, so that the response does not change while it is measured.
            NextPollAt = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };
        return WorkflowRow.Whole(row, RowKeys.Active(Id)).Entity;
    }
}
