using System.Globalization;
using Autopilot.Api.Problems;
using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Requests;

/// <summary>
/// Reads query parameters and path values. Each method answers false with the problem where the text breaks the rule; null text means not
/// given.
/// </summary>
internal static class Parameters
{
    /// <summary>Page size where none is asked for.</summary>
    public const int DefaultPageSize = 100;

    /// <summary>Largest page size.</summary>
    public const int MaxPageSize = 1000;

    // RFC 3339, and a date alone for the midnight in UTC that begins it.
    private static readonly string[] InstantFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    public static bool TryWorkflowId(string text, out string id, out Problem? problem)
    {
        problem = ResourceId.TryNormalize(text, out var normalized) ? null : ProblemFactory.InvalidWorkflowId();
        id = normalized ?? "";
        return problem is null;
    }

    /// <summary>A workflow's id, or the name of its cluster.</summary>
    public static bool TryWorkflow(string text, out Reference reference, out Problem? problem)
    {
        problem = Reference.TryRead(text, out reference) ? null : ProblemFactory.InvalidWorkflowReference();
        return problem is null;
    }

    /// <summary>A cluster's id or name in a path.</summary>
    public static bool TryCluster(string text, out Reference reference, out Problem? problem)
    {
        problem = Reference.TryRead(text, out reference) ? null : ProblemFactory.InvalidClusterReference();
        return problem is null;
    }

    public static bool TryClusterId(string text, out string id, out Problem? problem)
    {
        problem = ResourceId.TryNormalize(text, out var normalized) ? null : ProblemFactory.InvalidClusterId("path");
        id = normalized ?? "";
        return problem is null;
    }

    public static bool TryProjectId(string text, out string id, out Problem? problem)
    {
        problem = ResourceId.TryNormalize(text, out var normalized) ? null : ProblemFactory.InvalidProjectId();
        id = normalized ?? "";
        return problem is null;
    }

    public static bool TryFlag(string name, string? text, out bool? value, out Problem? problem)
    {
        value = text switch
        {
            null => null,
            _ when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
            _ when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
            _ => null,
        };
        problem = text is null || value is not null ? null : ProblemFactory.InvalidParameter(name, "true or false");
        return problem is null;
    }

    public static bool TryAssessment(string? text, out Assessment? value, out Problem? problem)
    {
        // Letters only: the parser would take numbers and lists too.
        value = Enum.TryParse<Assessment>(text, ignoreCase: true, out var parsed) && text.All(char.IsAsciiLetter) ? parsed : null;
        problem =
            text is null || value is not null
                ? null
                : ProblemFactory.InvalidParameter("assessment", $"one of {string.Join(", ", Enum.GetNames<Assessment>())}");
        return problem is null;
    }

    /// <summary>Any of several assessments, in any case.</summary>
    public static bool TryAssessments(string? text, out AnyOf<Assessment>? value, out Problem? problem)
    {
        (value, problem) = (null, null);
        if (text is null)
        {
            return true;
        }

        List<Assessment> assessments = [];
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!TryAssessment(word, out var assessment, out problem))
            {
                return false;
            }

            assessments.Add(assessment!.Value);
        }

        value = new AnyOf<Assessment>(assessments);
        return true;
    }

    /// <summary>Any of several values, none of them empty.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="text">The values, separated by commas; repeated parameters arrive so, too.</param>
    /// <param name="max">Longest value, in characters.</param>
    /// <param name="rule">What is allowed, as the end of "'name' must be …".</param>
    public static bool TryValues(string name, string? text, int max, string rule, out AnyOf<string>? value, out Problem? problem)
    {
        (value, problem) = (null, null);
        if (text is null)
        {
            return true;
        }

        var values = text.Split(',', StringSplitOptions.TrimEntries);
        if (values.Any(one => one.Length is 0 || one.Length > max))
        {
            problem = ProblemFactory.InvalidParameter(name, rule);
            return false;
        }

        value = new AnyOf<string>(values);
        return true;
    }

    /// <summary>Longest name of a cluster that can be asked for in a filter, in characters.</summary>
    public const int MaxClusterFilter = 256;

    /// <summary>Clusters by id or name. A name that breaks the rule for names is taken exactly as it is.</summary>
    public static bool TryClusters(string? text, out AnyOf<string>? value, out Problem? problem) =>
        TryValues(
            "cluster",
            text,
            MaxClusterFilter,
            $"ids of clusters, or their names in 1 to {MaxClusterFilter} characters, separated by commas",
            out value,
            out problem
        );

    /// <summary>The page's size and token. An empty token is refused: answering the first page again would make a client loop.</summary>
    public static bool TryPaging(string? maxpagesize, string? continuationToken, out int pageSize, out Problem? problem)
    {
        pageSize = DefaultPageSize;
        problem = null;
        if (
            maxpagesize is not null
            && (
                !int.TryParse(maxpagesize, NumberStyles.None, CultureInfo.InvariantCulture, out pageSize)
                || pageSize is < 1 or > MaxPageSize
            )
        )
        {
            problem = ProblemFactory.InvalidParameter("maxpagesize", $"a whole number from 1 to {MaxPageSize}");
        }
        else if (continuationToken is "")
        {
            problem = ExceptionProblems.Of(new Core.Paging.InvalidContinuationTokenException(""));
        }

        return problem is null;
    }

    public static bool TryInstant(string name, string? text, out DateTimeOffset? value, out Problem? problem)
    {
        value = null;
        problem = null;
        if (text is null)
        {
            return true;
        }
        // A '+' that a client forgot to encode arrives as a space; nothing else in an instant can be one.
        if (
            DateTimeOffset.TryParseExact(
                text.Replace(' ', '+'),
                InstantFormats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var instant
            )
        )
        {
            value = instant.ToUniversalTime();
        }
        else
        {
            problem = ProblemFactory.InvalidParameter(
                name,
                "an instant as in RFC 3339, such as 2026-11-23T08:00:00Z, or a date such as 2026-11-23"
            );
        }

        return problem is null;
    }

    /// <summary>Inclusive start and exclusive end.</summary>
    public static bool TryRange(string? fromText, string? toText, out DateTimeOffset? from, out DateTimeOffset? to, out Problem? problem)
    {
        to = null;
        if (!TryInstant("from", fromText, out from, out problem) || !TryInstant("to", toText, out to, out problem))
        {
            return false;
        }

        problem = from >= to ? ProblemFactory.InvalidParameter("from", "earlier than 'to'") : null;
        return problem is null;
    }
}
