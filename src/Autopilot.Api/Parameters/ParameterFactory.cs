using System.Globalization;
using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Parameters;

/// <summary>Makes parameters of each kind: the kind decides how a text is read, and what a message says is allowed.</summary>
internal static class ParameterFactory
{
    // RFC 3339, and a date alone for the midnight in UTC that begins it.
    private static readonly string[] InstantFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    /// <summary>One of some words, in any case.</summary>
    /// <param name="words">Makes them with their values, where they are asked for first.</param>
    public static TypedParameter<T?> Word<T>(
        string name,
        string description,
        Func<IEnumerable<KeyValuePair<string, T>>> words,
        string example,
        string? otherwise = null,
        bool required = false
    )
        where T : struct
    {
        Dictionary<string, T>? known = null;
        return new(name, ParameterKind.Word, description, TryRead)
        {
            WordsOf = () => [.. Known().Keys],
            Required = required,
            Default = otherwise,
            Example = example,
        };

        Dictionary<string, T> Known() => known ??= new(words(), StringComparer.OrdinalIgnoreCase);

        bool TryRead(string text, out T? value)
        {
            var isKnown = Known().TryGetValue(text, out var found);
            value = isKnown ? found : null;
            return isKnown;
        }
    }

    /// <summary>Any of some words, in any case.</summary>
    public static TypedParameter<AnyOf<T>> Words<T>(string name, string description, string example)
        where T : struct, Enum
    {
        var one = Word(name, description, NamesOf<T>, example);
        return new(name, ParameterKind.Word, description, TryRead)
        {
            WordsOf = () => one.Words,
            Several = true,
            Example = example,
        };

        bool TryRead(string text, out AnyOf<T>? value)
        {
            List<T> values = [];
            foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
            {
                if (!one.TryRead(word, out var known, out _))
                {
                    value = null;
                    return false;
                }

                values.Add(known!.Value);
            }

            value = new AnyOf<T>(values);
            return true;
        }
    }

    /// <summary>The names of an enum, for <see cref="Word"/>.</summary>
    public static IEnumerable<KeyValuePair<string, T>> NamesOf<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(value => KeyValuePair.Create(value.ToString(), value));

    /// <summary>A text of 1 to <paramref name="maxLength"/> characters.</summary>
    public static TypedParameter<string> Text(string name, string description, string? rule, string? example, int maxLength) =>
        new(
            name,
            ParameterKind.Text,
            description,
            (string text, out string? value) => Keep(text, text.Length > 0 && text.Length <= maxLength, out value)
        )
        {
            Rule = rule ?? $"1 to {maxLength} characters",
            MaxLength = maxLength,
            MaxText = maxLength,
            Example = example,
        };

    /// <summary>Any of several texts, none of them empty.</summary>
    /// <param name="maxText">Longest text of all of them together, in characters.</param>
    /// <param name="isOne">What else each must be; null for nothing.</param>
    public static TypedParameter<AnyOf<string>> Texts(
        string name,
        string description,
        string rule,
        string example,
        int maxText = QueryLimit.MaxValue,
        Func<string, bool>? isOne = null
    ) =>
        new(name, ParameterKind.Text, description, (string text, out AnyOf<string>? value) => TrySplit(text, isOne, out value))
        {
            Rule = rule,
            Several = true,
            MaxText = maxText,
            Example = example,
        };

    /// <summary>An id, in the form in which ids are compared.</summary>
    /// <param name="invalid">The problem; null for that of a query.</param>
    public static TypedParameter<string> Id(
        string name,
        string description,
        string example,
        bool required = false,
        Func<Problem>? invalid = null
    ) =>
        new(name, ParameterKind.Id, description, (string text, out string? value) => ResourceId.TryNormalize(text, out value))
        {
            Rule = ResourceId.Rule,
            Required = required,
            MaxLength = ResourceId.MaxLength,
            Example = example,
            Invalid = invalid,
        };

    /// <summary>An id or a cluster's name in a path.</summary>
    public static TypedParameter<Reference> Reference(string name, string description, string example, Func<Problem> invalid) =>
        new(name, ParameterKind.Reference, description, Requests.Reference.TryRead)
        {
            Rule = Requests.Reference.Rule,
            Required = true,
            MaxLength = ClusterName.MaxLength,
            Example = example,
            Invalid = invalid,
        };

    /// <summary>A cluster's id or name in a query, as it was given.</summary>
    public static TypedParameter<string> ClusterReference(string name, string description, string example) =>
        new(name, ParameterKind.Reference, description, TryReadReference)
        {
            Rule = Requests.Reference.Rule,
            MaxLength = ClusterName.MaxLength,
            Example = example,
            Invalid = () => ProblemFactory.InvalidClusterReference(name),
        };

    /// <summary>Whether a text is an id or a cluster's name; it is passed on as it is.</summary>
    public static bool TryReadReference(string text, out string? value) => Keep(text, Requests.Reference.TryRead(text, out _), out value);

    public static TypedParameter<DateTimeOffset?> Instant(string name, string description, string example) =>
        new(name, ParameterKind.Instant, description, TryReadInstant)
        {
            Rule = "an instant as in RFC 3339, such as 2026-11-23T08:00:00Z, or a date such as 2026-11-23",
            MaxLength = 64,
            Example = example,
        };

    /// <summary>A whole number from 1 on.</summary>
    /// <param name="maximum">The greatest one.</param>
    public static TypedParameter<int?> Number(string name, string description, int maximum, int? otherwise = null, int? example = null) =>
        new(name, ParameterKind.Number, description, (string text, out int? value) => TryReadNumber(text, maximum, out value))
        {
            Rule = $"a whole number from 1 to {maximum}",
            Maximum = maximum,
            Default = otherwise?.ToString(CultureInfo.InvariantCulture),
            Example = example?.ToString(CultureInfo.InvariantCulture),
        };

    public static TypedParameter<bool?> Flag(string name, string description, bool example = true, bool? otherwise = null) =>
        new(name, ParameterKind.Flag, description, TryReadFlag)
        {
            Rule = "true or false",
            Default = TextOf(otherwise),
            Example = TextOf(example),
        };

    /// <summary>A flag as a query writes it.</summary>
    public static string? TextOf(bool? flag) =>
        flag switch
        {
            true => "true",
            false => "false",
            null => null,
        };

    private static bool Keep(string text, bool fits, out string? value)
    {
        value = fits ? text : null;
        return fits;
    }

    private static bool TrySplit(string text, Func<string, bool>? isOne, out AnyOf<string>? value)
    {
        var values = text.Split(',', StringSplitOptions.TrimEntries);
        var fits = values.All(one => one.Length is > 0 and <= QueryLimit.MaxValue && isOne?.Invoke(one) is not false);
        value = fits ? new AnyOf<string>(values) : null;
        return fits;
    }

    private static bool TryReadFlag(string text, out bool? value)
    {
        value =
            text.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
            : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? false
            : null;
        return value is not null;
    }

    private static bool TryReadNumber(string text, int maximum, out int? value)
    {
        value =
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= maximum
                ? number
                : null;
        return value is not null;
    }

    private static bool TryReadInstant(string text, out DateTimeOffset? value)
    {
        // A '+' that a client forgot to encode arrives as a space; nothing else in an instant can be one.
        value = DateTimeOffset.TryParseExact(
            text.Replace(' ', '+'),
            InstantFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var instant
        )
            ? instant.ToUniversalTime()
            : null;
        return value is not null;
    }
}
