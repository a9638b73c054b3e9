using Azure.Data.Tables;

namespace Autopilot.Storage.Rows;

/// <summary>The mark of what had ended before it was first seen: most rows have none, and rows of old have none either.</summary>
internal static class NotSeenLiveColumn
{
    public const string Unseen = "NotSeenLive";

    public static RowBuilder SetUnlessSeenLive(this RowBuilder row, bool seenLive) => seenLive ? row : row.Set(Unseen, true);

    public static bool WasSeenLive(this TableEntity row) => !row.Flag(Unseen);
}
