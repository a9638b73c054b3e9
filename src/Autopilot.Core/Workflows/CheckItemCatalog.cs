using System.Runtime.CompilerServices;
using System.Text;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Finds the documented item behind a failed item of a pre-check. Upstream does not document the names in its answers, so these decide in
/// order: a part of the message, a risk that only one item has, a title in the name, a title in the message. Linear in the length of the
/// texts.
/// </summary>
internal static class CheckItemCatalog
{
    /// <summary>A single word in a message stands for an item from this length on: a shorter one occurs in other sentences, too.</summary>
    private const int DistinctiveLength = 12;

    /// <summary>A Chinese title of fewer characters occurs in other sentences, too.</summary>
    private const int DistinctiveChinese = 4;

    /// <summary>From this length on a title is also found in a name that is written in one word.</summary>
    private const int DistinctiveInOneWord = 8;

    private static readonly HashSet<string> Fillers =
    [
        "of",
        "the",
        "on",
        "in",
        "a",
        "an",
        "and",
        "to",
        "for",
        "between",
        "by",
        "with",
        "at",
        "check",
    ];

    private static readonly HashSet<string> Groups = [.. CheckItemTable.All.Select(item => item.Group)];

    private static readonly (string Fragment, CheckItem Item)[] Fragments =
    [
        .. CheckItemTable.All.SelectMany(item => item.Fragments.Select(fragment => (fragment, item))),
    ];

    /// <summary>Of several entries of one title the general one.</summary>
    private static readonly CheckItem[] General = [.. CheckItemTable.All.GroupBy(item => item.Title).Select(title => title.Last())];

    private static readonly ItemName[] Names =
    [
        .. General.SelectMany(item => item.Aliases.Prepend(item.Title).Select(name => new ItemName(item, [.. WordsOf(name)]))),
    ];

    private static readonly CheckItem DeprecatedApi = General.Single(item => item.Recheck == Recheck.WithinDay);

    /// <summary>
    /// What was found for a detail that is still held: one summary asks several times, and a cached row is summarized again.
    /// </summary>
    private static readonly ConditionalWeakTable<FailureDetail, FoundItem> Found = [];

    /// <summary>The documented item; null where none is known.</summary>
    public static CheckItem? Find(FailureDetail detail) => Found.GetValue(detail, static one => new FoundItem(Search(one))).Item;

    private static CheckItem? Search(FailureDetail detail) =>
        FragmentIn(detail.Message)?.Item
        ?? (detail.RiskSources?.Any(TaskDocument.IsDeprecatedApi) is true ? DeprecatedApi : null)
        ?? ByName(detail.Name)
        ?? ByMessage(detail);

    /// <summary>The part of a message that says which item, and which cause, it is; null where it says none.</summary>
    public static (string Fragment, CheckItem Item)? FragmentIn(string? message)
    {
        if (message is not null)
        {
            foreach (var known in Fragments)
            {
                if (message.Contains(known.Fragment, StringComparison.OrdinalIgnoreCase))
                {
                    return known;
                }
            }
        }

        return null;
    }

    /// <summary>Of several titles in a name the longest: "Node Pool Runtime" is not "Node Runtime".</summary>
    private static CheckItem? ByName(string name)
    {
        var words = WordsOf(name);
        var inOneWord = string.Concat(words);
        var chinese = General
            .Where(item => item.ChineseTitle is { } title && name.Contains(title, StringComparison.Ordinal))
            .MaxBy(item => item.ChineseTitle!.Length);
        return chinese
            ?? Names
                .Where(title =>
                    title.Words.All(words.Contains)
                    || (title.InOneWord.Length >= DistinctiveInOneWord && inOneWord.Contains(title.InOneWord, StringComparison.Ordinal))
                )
                .MaxBy(title => title.Words.Length)
                ?.Item;
    }

    /// <summary>In a message only a whole title counts, and only of an item that the group does not exclude.</summary>
    private static CheckItem? ByMessage(FailureDetail detail)
    {
        if (detail.Message is not { } message)
        {
            return null;
        }

        var group = detail.Group is { } known && Groups.Contains(known) ? known : null;
        var words = $" {string.Join(' ', WordsOf(message))} ";
        return General
                .Where(item =>
                    item.ChineseTitle is { Length: >= DistinctiveChinese } title && message.Contains(title, StringComparison.Ordinal)
                )
                .MaxBy(item => item.ChineseTitle!.Length)
            ?? Names
                .Where(title =>
                    (title.Words.Length > 1 || title.InOneWord.Length >= DistinctiveLength)
                    && (group is null || group == title.Item.Group)
                    && words.Contains(title.InMessage, StringComparison.Ordinal)
                )
                .MaxBy(title => title.Words.Length)
                ?.Item;
    }

    /// <summary>
    /// The words of a text in the form in which they are compared: lower case and singular, also those that one camel-case word joins;
    /// without fillers.
    /// </summary>
    private static List<string> WordsOf(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        text = text.Replace("add-on", "addon", StringComparison.OrdinalIgnoreCase);
        for (var i = 0; i < text.Length; i++)
        {
            if (IsStart(text, i))
            {
                End();
            }

            if (char.IsLetterOrDigit(text[i]))
            {
                word.Append(char.ToLowerInvariant(text[i]));
            }
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0 && Singular(word.ToString()) is var one && !Fillers.Contains(one))
            {
                words.Add(one);
            }

            word.Clear();
        }
    }

    /// <summary>Whether a word ends before this character: between words, in <c>nodeDisk</c> and in <c>DNSCheck</c>, not in
    /// <c>IPv4</c>.</summary>
    private static bool IsStart(string text, int at)
    {
        if (!char.IsLetterOrDigit(text[at]))
        {
            return true;
        }

        return at > 0
            && char.IsUpper(text[at])
            && (
                char.IsLower(text[at - 1])
                || (char.IsUpper(text[at - 1]) && at + 2 < text.Length && char.IsLower(text[at + 1]) && char.IsLower(text[at + 2]))
            );
    }

    private static string Singular(string word) =>
        word.Length <= 3 ? word
        : word.EndsWith("ies", StringComparison.Ordinal) ? $"{word[..^3]}y"
        : word.EndsWith("sses", StringComparison.Ordinal) ? word[..^2]
        : word[^1] == 's' && !word.EndsWith("ss", StringComparison.Ordinal) && !word.EndsWith("us", StringComparison.Ordinal) ? word[..^1]
        : word;

    private sealed record FoundItem(CheckItem? Item);

    private sealed record ItemName(CheckItem Item, string[] Words)
    {
        public string InOneWord { get; } = string.Concat(Words);

        public string InMessage { get; } = $" {string.Join(' ', Words)} ";
    }
}
