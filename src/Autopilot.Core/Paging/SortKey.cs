namespace Autopilot.Core.Paging;

/// <summary>Where an entry stands in its list: by group, then text, then number, then id, each the smaller first.</summary>
/// <param name="Group">0–255.</param>
/// <param name="Text">At most <see cref="MaxText"/> characters.</param>
/// <param name="Number">As a rule ticks, negated where the later comes first.</param>
/// <param name="Id">The entry's id.</param>
public readonly record struct SortKey(int Group, string Text, long Number, string Id)
{
    /// <summary>Longest text; what is longer counts by its beginning.</summary>
    public const int MaxText = 128;

    /// <summary>Compares two keys; <paramref name="descendingText"/> lets the greater text come first.</summary>
    public static int Compare(SortKey x, SortKey y, bool descendingText)
    {
        var order = x.Group.CompareTo(y.Group);
        if (order == 0)
        {
            order = descendingText ? string.CompareOrdinal(y.Text, x.Text) : string.CompareOrdinal(x.Text, y.Text);
        }

        if (order == 0)
        {
            order = x.Number.CompareTo(y.Number);
        }

        return order != 0 ? order : string.CompareOrdinal(x.Id, y.Id);
    }

    /// <summary>
    /// A text in the form in which it is compared: whatever the case, cut, and without half a surrogate pair. So a token gives it back as
    /// it was.
    /// </summary>
    public static string TextOf(string text)
    {
        var upper = text.ToUpperInvariant();
        if (upper.Length > MaxText)
        {
            upper = upper[..(char.IsHighSurrogate(upper[MaxText - 1]) ? MaxText - 1 : MaxText)];
        }

        return upper.Any(char.IsSurrogate) ? System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(upper)) : upper;
    }
}
