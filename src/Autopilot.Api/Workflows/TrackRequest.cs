using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Autopilot.Api.Problems;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>The body of a <c>PUT</c>: <c>{ "clusterId": "…", "projectId"?: "…", "clusterName"?: "…" }</c>. Read by hand, so that every mistake is named.</summary>
internal sealed record TrackRequest(string ProjectId, string ClusterId, string? ClusterName)
{
    /// <summary>Longest cluster name, in characters. Upstream's own limit is 128.</summary>
    public const int MaxClusterName = 128;

    private const string Shape = """{ "clusterId": "…", "projectId"?: "…", "clusterName"?: "…" }""";

    public static bool TryRead(ReadOnlyMemory<byte> body, string? defaultProjectId, out TrackRequest? request, out Problem? problem)
    {
        request = null;
        if (!TryReadMembers(body, out var members, out problem))
            return false;

        if (members.GetValueOrDefault("clusterId") is not { } clusterText)
            problem = KnownProblems.InvalidBody($"'clusterId' is missing. The body is {Shape}.");
        else if (!ResourceId.TryNormalize(clusterText, out var clusterId))
            problem = KnownProblems.InvalidClusterId("body");
        else if ((members.GetValueOrDefault("projectId") ?? defaultProjectId) is not { Length: > 0 } projectText)
            problem = KnownProblems.InvalidBody("'projectId' is missing, and the setting Cce:ProjectId names no default.");
        else if (!ResourceId.TryNormalize(projectText, out var projectId))
            problem = KnownProblems.InvalidBody(
                $"{(members.GetValueOrDefault("projectId") is null ? "The default project of the setting Cce:ProjectId" : "'projectId'")} must be {ResourceId.Rule}.");
        else if (members.GetValueOrDefault("clusterName") is { } name && (name.Length is 0 or > MaxClusterName || name.Any(char.IsControl)))
            problem = KnownProblems.InvalidBody($"'clusterName' must be 1 to {MaxClusterName} characters without control characters.");
        else
            request = new TrackRequest(projectId, clusterId, members.GetValueOrDefault("clusterName"));
        return request is not null;
    }

    // An unknown member is refused and not ignored: a misspelt "projectID" would silently track under the wrong project.
    private static bool TryReadMembers(ReadOnlyMemory<byte> body, out Dictionary<string, string> members, out Problem? problem)
    {
        members = [];
        problem = null;
        var utf8 = body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
        if (utf8.IsEmpty)
            problem = KnownProblems.InvalidBody($"The body is empty; it must be {Shape}.");
        else if (!Utf8.IsValid(utf8.Span))
            problem = KnownProblems.InvalidBody("The body is not UTF-8.");
        if (problem is not null)
            return false;

        try
        {
            using var document = JsonDocument.Parse(utf8);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problem = KnownProblems.InvalidBody($"The body is JSON but not an object; it must be {Shape}.");
                return false;
            }

            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Name is not ("clusterId" or "projectId" or "clusterName"))
                    problem = KnownProblems.InvalidBody($"'{Shown(member.Name)}' is not a member of this body, which is {Shape}.");
                else if (member.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                    problem = KnownProblems.InvalidBody($"'{member.Name}' must be a string.");
                else if (!members.TryAdd(member.Name, member.Value.GetString()!))
                    problem = KnownProblems.InvalidBody($"'{member.Name}' is there twice.");
                if (problem is not null)
                    return false;
            }
        }
        catch (JsonException exception)
        {
            problem = KnownProblems.InvalidBody($"The body is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            // The one thing that the parser leaves for later: half of a surrogate pair, escaped.
            problem = KnownProblems.InvalidBody("The body holds a string that is not Unicode.");
        }

        return problem is null;
    }

    private static string Shown(string name) => name.Length <= 64 ? name : $"{name.AsSpan(0, 63)}…";
}
