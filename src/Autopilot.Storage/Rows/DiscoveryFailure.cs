using Autopilot.Core.Rows;
using Autopilot.Core.Serialization;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;
using Azure.Data.Tables;

namespace Autopilot.Storage.Rows;

/// <summary>Why scans fail, as a property of either row.</summary>
internal static class DiscoveryFailure
{
    public const string Column = "Failure";

    public static string? Of(PollFailure? failure, UnknownContent? unknown) =>
        failure is null ? null : RowBuilder.TextOf(Column, failure, StoredJsonContext.Default.PollFailure, unknown);

    /// <param name="columns">The columns that this version does not know.</param>
    /// <param name="unknown">All that it does not know of the row.</param>
    public static PollFailure? Read(TableEntity row, IReadOnlyDictionary<string, object>? columns, out UnknownContent? unknown)
    {
        var reader = new UnknownReader();
        var failure = row.Json(Column, StoredJsonContext.Default.PollFailure, reader);
        unknown = reader.Content(columns);
        return failure;
    }
}
