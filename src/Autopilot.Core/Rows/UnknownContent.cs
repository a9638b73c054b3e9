using System.Text.Json.Nodes;

namespace Autopilot.Core.Rows;

/// <summary>
/// What a stored row holds that this version does not know, as the store read it. It goes back with every write of the row, and means
/// nothing here.
/// </summary>
/// <param name="Columns">Columns by name.</param>
/// <param name="Members">Of a column with JSON, by the column's name: the unknown members of its objects, each in its place.</param>
public sealed record UnknownContent(IReadOnlyDictionary<string, object> Columns, IReadOnlyDictionary<string, JsonNode> Members);
