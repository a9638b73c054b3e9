using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Autopilot.Core.Workflows;

/// <summary>
/// The one rule for a cluster's name in the place of its id. A name has 1–128 characters of ASCII letters, digits, <c>-</c>, <c>_</c> and
/// <c>.</c>, and is compared without case.
/// </summary>
public static class ClusterName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>The rule as a sentence, for messages.</summary>
    public const string Rule = "1 to 128 characters of ASCII letters, digits, '-', '_' and '.'";

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    );

    /// <summary>Whether a text can stand for a cluster by its name. Each id is such a text, too.</summary>
    public static bool IsOne([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>
    /// Whether a text is an id by its form alone: a UUID, which is what upstream's ids are. No name is looked for then, so that an id costs
    /// nothing more than it does without names.
    /// </summary>
    public static bool IsSurelyId(string text) =>
        text.Length == 36 && Guid.TryParseExact(text, "D", out _) && ResourceId.TryNormalize(text, out _);

    /// <summary>A name in the form in which names are compared.</summary>
    public static string KeyOf(string name) => name.ToLowerInvariant();
}
