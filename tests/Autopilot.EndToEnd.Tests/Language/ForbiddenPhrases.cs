using System.Text.RegularExpressions;

namespace Autopilot.EndToEnd.Tests.Language;

/// <summary>Words and phrases that no sentence of the project holds, since plainer ones say the same.</summary>
internal static partial class ForbiddenPhrases
{
    public static IEnumerable<Match> In(string text) => Words().Matches(text);

    [GeneratedRegex(
        @"(?i)\b(whoever|nobody('s)?|somebody('s)?|anew|told|tells?|wish(es|ed)?|shall|"
            + @"of\s+which|what\s+came\s+of\s+it|lets\s+go\s+of|works\s+off|worked\s+off|gone\s+on\s+with)\b"
    )]
    private static partial Regex Words();
}
