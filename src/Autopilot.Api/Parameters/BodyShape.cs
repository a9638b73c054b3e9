using System.Text.Json;
using System.Text.Unicode;
using Autopilot.Api.Problems;
using Autopilot.Api.Requests;

namespace Autopilot.Api.Parameters;

/// <summary>
/// The body that a <c>PUT</c> reads: an object of strings, read by hand, so that every mistake is named. An unknown member is refused and
/// not ignored: a misspelt "projectID" would silently track under the wrong project.
/// </summary>
/// <param name="Name">Name of the schema.</param>
/// <param name="Members">Each with its rule; where none is required, the body may be missing, too.</param>
internal sealed record BodyShape(string Name, params IReadOnlyList<Parameter> Members)
{
    /// <summary>Whether there must be one.</summary>
    public bool Required => Members.Any(member => member.Required);

    /// <summary>The shape as messages show it, such as <c>{ "clusterId": "…", "projectId"?: "…" }</c>.</summary>
    public override string ToString() =>
        Members.Count == 0
            ? "{ }"
            : $"{{ {string.Join(", ", Members.Select(member => $"\"{member.Name}\"{(member.Required ? "" : "?")}: \"…\""))} }}";

    /// <summary>Reads the members' texts; whether each keeps its rule is not checked here.</summary>
    /// <param name="body">The bytes as they came; empty where there are none.</param>
    /// <param name="values">Those that are there and not null.</param>
    /// <param name="problem">The first mistake; null where there is none.</param>
    public bool TryRead(ReadOnlyMemory<byte> body, out ParameterValues values, out Problem? problem)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        values = new ParameterValues(texts);
        problem = null;
        if (!Required && body.IsEmpty)
        {
            return true;
        }

        var utf8 = RequestBody.WithoutPreamble(body);
        if (utf8.IsEmpty)
        {
            problem = ProblemFactory.InvalidBody($"The body is empty; it must be {this}.");
        }
        else if (!Utf8.IsValid(utf8.Span))
        {
            problem = ProblemFactory.InvalidBody("The body is not UTF-8.");
        }

        if (problem is not null)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(utf8);
            problem =
                document.RootElement.ValueKind == JsonValueKind.Object
                    ? ReadMembers(document.RootElement, texts)
                    : ProblemFactory.InvalidBody($"The body is JSON but not an object; it must be {this}.");
        }
        catch (JsonException exception)
        {
            problem = ProblemFactory.InvalidBody(
                $"The body is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}."
            );
        }
        catch (InvalidOperationException)
        {
            // The one thing that the parser leaves for later: half of a surrogate pair, escaped.
            problem = ProblemFactory.InvalidBody("The body holds a string that is not Unicode.");
        }

        return problem is null;
    }

    private Problem? ReadMembers(JsonElement body, Dictionary<string, string> texts)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var member in body.EnumerateObject())
        {
            if (!Members.Any(known => known.Name == member.Name))
            {
                return ProblemFactory.InvalidBody($"'{Shown(member.Name)}' is not a member of this body, which is {this}.");
            }

            if (member.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            {
                return ProblemFactory.InvalidBody($"'{member.Name}' must be a string.");
            }

            if (!seen.Add(member.Name))
            {
                return ProblemFactory.InvalidBody($"'{member.Name}' is there twice.");
            }

            if (member.Value.GetString() is { } text)
            {
                texts.Add(member.Name, text);
            }
        }

        return Members.FirstOrDefault(member => member.Required && !texts.ContainsKey(member.Name)) is { } missing
            ? ProblemFactory.InvalidBody($"'{missing.Name}' is missing. The body is {this}.")
            : null;
    }

    private static string Shown(string name) => name.Length <= 64 ? name : $"{name.AsSpan(0, 63)}…";
}
