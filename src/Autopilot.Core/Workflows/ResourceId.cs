using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Autopilot.Core.Workflows;

/// <summary>
/// The one rule for workflow, cluster and project ids: 1–64 characters of ASCII letters, digits and <c>-</c>, compared in lower case. A
/// valid id is safe in a table key, a filter and a URL.
/// </summary>
public static class ResourceId
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule as a sentence, for messages.</summary>
    public const string Rule = "1 to 64 characters of ASCII letters, digits and '-'";

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
    );

    /// <summary>Gives the id in the form in which it is stored and compared, or false where the rule is broken.</summary>
    public static bool TryNormalize([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? id)
    {
        id = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed) ? text.ToLowerInvariant() : null;
        return id is not null;
    }
}
