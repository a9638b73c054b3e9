using System.Globalization;

namespace Autopilot.Core.Workflows;

/// <summary>Says in a sentence what upstream says about a failed attempt. Its own text is cut here; the details have it in full.</summary>
internal static class FailurePhrases
{
    private const int MostNamed = 3;
    private const int LongestQuote = 300;
    private const int LongestName = 80;
    private const int LongestKeptName = 128;

    // Stored messages begin these sentences in the same way.
    private const string NamingItems = " Failed: ",
        QuotingUpstream = " Upstream says: ",
        QuotingProbably = " Upstream probably says of it: ";

    /// <summary>The name by which an item is found in later upgrades.</summary>
    public static string ItemName(FailureDetail detail) => CutName(detail.Name);

    /// <summary>A name of upstream's as it is kept, without a half character at its end.</summary>
    public static string CutName(string name) => JsonStrings.Cut(name, LongestKeptName);

    /// <summary>Whether the task speaks of itself, and not of one of its items.</summary>
    public static bool IsOwn(TaskFailure failure, FailureDetail detail) => detail.Name == failure.Type.Value;

    /// <summary>
    /// For the message of a blocking task: what failed, and upstream's text about the first of it. Empty when it has said nothing.
    /// </summary>
    public static string Sentences(TaskFailure? failure)
    {
        if (failure is not { Details: [var first, ..] })
        {
            return "";
        }

        var named = IsOwn(failure, first) ? "" : $"{NamingItems}{Names(failure, MostNamed)}.";
        var words = first.Message is { } message
            ? $"{(first.Probable is true ? QuotingProbably : QuotingUpstream)}\"{Quote(message)}\"{Sources(first)}."
            : "";
        return named + words;
    }

    /// <summary>A message of a blocking task without the <see cref="Sentences(TaskFailure?)"/> at its end.</summary>
    public static string WithoutSentences(string message)
    {
        var quoted = ((string[])[NamingItems, QuotingUpstream, QuotingProbably])
            .Select(start => message.IndexOf(start, StringComparison.Ordinal))
            .Where(at => at > 0)
            .DefaultIfEmpty(message.Length)
            .Min();
        return message[..quoted];
    }

    /// <summary>
    /// For the end of a clause: the worst item and how many more; else the task's own text. Empty when upstream has said nothing.
    /// </summary>
    public static string Clause(TaskFailure? failure) =>
        failure switch
        {
            not { Details: [_, ..] } => "",
            { Details: [{ Message: { } message } first, ..] } when IsOwn(failure, first) =>
                $"; upstream {(first.Probable is true ? "probably " : "")}says \"{Quote(message)}\"",
            _ => $": {Names(failure, 1)}",
        };

    /// <summary>For the headline: the name of the worst item, with nothing that could end the sentence.</summary>
    public static string OnItem(TaskFailure? failure) =>
        failure is { Details: [var first, ..] } && !IsOwn(failure, first)
            ? $" on '{Cut(first.Name, LongestName).TrimEnd('.').Replace(". ", ", ", StringComparison.Ordinal)}'{More(failure, 1)}"
            : "";

    /// <summary>
    /// What an attempt failed on: the names of the worst items, or the task's own text; null when upstream has said nothing. That a failed
    /// attempt's phase is <c>Failed</c> is left out.
    /// </summary>
    public static string? FailedOn(TaskFailure? failure) =>
        failure switch
        {
            not { Details: [_, ..] } => null,
            { Details: [{ Message: var message } first, ..] } when IsOwn(failure, first) => message is null
                ? null
                : Quote(WithoutPhase(message)),
            _ => Names(failure, MostNamed),
        };

    private static string WithoutPhase(string message) =>
        message.StartsWith("phase Failed at progress ", StringComparison.Ordinal) ? message["phase Failed ".Length..] : message;

    private static string Names(TaskFailure failure, int most)
    {
        var names = new List<string>();
        var covered = 0;
        foreach (var detail in failure.Details)
        {
            // The same item may have failed on several nodes.
            var name = Name(detail);
            if (!names.Contains(name))
            {
                if (names.Count == most)
                {
                    continue;
                }

                names.Add(name);
            }

            covered++;
        }

        return covered == failure.Details.Count + failure.Omitted && names.Count > 1
            ? $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}"
            : string.Join(", ", names) + More(failure, covered);
    }

    private static string Name(FailureDetail detail)
    {
        var traits = string.Join(", ", new[] { detail.Group, detail.Level }.Concat(detail.ErrorCodes.Take(2)).OfType<string>());
        return (traits.Length == 0 ? Cut(detail.Name, LongestName) : $"{Cut(detail.Name, LongestName)} ({traits})") + OnNodes(detail);
    }

    /// <summary>On how many nodes it failed, where they are several.</summary>
    private static string OnNodes(FailureDetail detail) =>
        detail.Nodes is > 1 and var nodes ? string.Create(CultureInfo.InvariantCulture, $" on {nodes} nodes") : "";

    private static string More(TaskFailure failure, int named) =>
        failure.Details.Count + failure.Omitted - named is > 0 and var more
            ? string.Create(CultureInfo.InvariantCulture, $" and {more} more")
            : "";

    private static string Sources(FailureDetail detail) =>
        detail.RiskSources is { Count: > 0 } sources ? $" ({Cut(string.Join("; ", sources.Take(2)), LongestQuote)})" : "";

    private static string Quote(string message) => Cut(message, LongestQuote).TrimEnd('.', ' ');

    private static string Cut(string text, int most) => text.Length <= most ? text : $"{JsonStrings.Cut(text, most).TrimEnd()}…";
}
