using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Autopilot.Core.Rows;

namespace Autopilot.Storage.Reading;

/// <summary>Gathers what this version does not know while a row is read.</summary>
internal sealed class UnknownReader
{
    private Dictionary<string, JsonNode>? _members;

    /// <summary>Notes the unknown members of a column's JSON.</summary>
    public void Note(string column, JsonNode? unknown)
    {
        if (unknown is not null)
        {
            (_members ??= [])[column] = unknown;
        }
    }

    /// <param name="columns">The unknown columns; null where there are none.</param>
    public UnknownContent? Content(IReadOnlyDictionary<string, object>? columns) =>
        columns is null && _members is null
            ? null
            : new UnknownContent(
                columns ?? FrozenDictionary<string, object>.Empty,
                _members ?? (IReadOnlyDictionary<string, JsonNode>)FrozenDictionary<string, JsonNode>.Empty
            );
}
