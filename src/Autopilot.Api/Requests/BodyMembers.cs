using System.Text.Json;
using System.Text.Unicode;
using Autopilot.Api.Problems;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Requests;

/// <summary>Reads the body of a <c>PUT</c>, an object of strings, by hand, so that every mistake is named.</summary>
internal static class BodyMembers
{
    /// <summary>Longest cluster name, in characters. Upstream's own limit is 128.</summary>
    public const int MaxClusterName = 128;

    /// <summary>The project that the body names; null where it names none.</summary>
    public static bool TryProject(Dictionary<string, string> members, out string? projectId, out Problem? problem)
    {
        (projectId, problem) = (null, null);
        if (members.GetValueOrDefault("projectId") is not { } text)
        {
            return true;
        }

        if (ResourceId.TryNormalize(text, out var id))
        {
            projectId = id;
        }
        else
        {
            problem = ProblemFactory.InvalidBody($"'projectId' must be {ResourceId.Rule}.");
        }

        return problem is null;
    }

    public static bool TryClusterName(Dictionary<string, string> members, out string? name, out Problem? problem)
    {
        name = members.GetValueOrDefault("clusterName");
        problem =
            name is not null && (name.Length is 0 or > MaxClusterName || name.Any(char.IsControl))
                ? ProblemFactory.InvalidBody($"'clusterName' must be 1 to {MaxClusterName} characters without control characters.")
                : null;
        return problem is null;
    }

    /// <param name="shape">The body's shape as a sentence, for messages.</param>
    /// <param name="mayBeEmpty">Whether no body at all stands for an empty object.</param>
    // An unknown member is refused and not ignored: a misspelt "projectID" would silently track under the wrong project.
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        string[] names,
        string shape,
        bool mayBeEmpty,
        out Dictionary<string, string> members,
        out Problem? problem
    )
    {
        members = [];
        problem = null;
        if (mayBeEmpty && body.IsEmpty)
        {
            return true;
        }

        var utf8 = RequestBody.WithoutPreamble(body);
        if (utf8.IsEmpty)
        {
            problem = ProblemFactory.InvalidBody($"The body is empty; it must be {shape}.");
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
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problem = ProblemFactory.InvalidBody($"The body is JSON but not an object; it must be {shape}.");
                return false;
            }

            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!names.Contains(member.Name, StringComparer.Ordinal))
                {
                    problem = ProblemFactory.InvalidBody($"'{Shown(member.Name)}' is not a member of this body, which is {shape}.");
                }
                else if (member.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                {
                    problem = ProblemFactory.InvalidBody($"'{member.Name}' must be a string.");
                }
                else if (!members.TryAdd(member.Name, member.Value.GetString()!))
                {
                    problem = ProblemFactory.InvalidBody($"'{member.Name}' is there twice.");
                }

                if (problem is not null)
                {
                    return false;
                }
            }
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

    private static string Shown(string name) => name.Length <= 64 ? name : $"{name.AsSpan(0, 63)}…";
}
