using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autopilot.Core.Paging;
using Autopilot.Formats.Writing;

namespace Autopilot.Api.Representations;

/// <summary>Writes a page as JSON, and where it would be too large as many of its first entries as may be.</summary>
internal static class PageBody
{
    /// <param name="items">The entries.</param>
    /// <param name="type">How each is written.</param>
    /// <param name="write">The page with so many of the entries.</param>
    /// <param name="most">Bytes of the entries together; at least one is always written.</param>
    public static ReadOnlyMemory<byte> Write<T>(
        IReadOnlyList<T> items,
        JsonTypeInfo<T> type,
        Func<int, ReadOnlyMemory<byte>> write,
        int most = ListLimits.Bytes
    )
    {
        var whole = write(items.Count);
        return whole.Length <= most || items.Count < 2 ? whole
            : Fitting(items, type, most) is var count && count == items.Count ? whole
            : write(count);
    }

    private static int Fitting<T>(IReadOnlyList<T> items, JsonTypeInfo<T> type, int most)
    {
        var bytes = 0L;
        for (var count = 0; count < items.Count; count++)
        {
            bytes += JsonBytes.Write(writer => JsonSerializer.Serialize(writer, items[count], type)).Length;
            if (bytes > most)
            {
                return Math.Max(1, count);
            }
        }

        return items.Count;
    }
}
