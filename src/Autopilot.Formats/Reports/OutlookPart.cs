namespace Autopilot.Formats.Reports;

/// <summary>One kind of figures.</summary>
/// <param name="Title">A heading.</param>
/// <param name="Label">The same, as one short word.</param>
/// <param name="Says">What they are made of; all there is to say where there are no rows.</param>
internal sealed record OutlookPart(string Title, string Label, string Says)
{
    public IReadOnlyList<OutlookColumn> Columns { get; init; } = [];

    /// <summary>Rows that are shown whatever is left out, above the others.</summary>
    public IReadOnlyList<string[]> First { get; init; } = [];

    /// <summary>As many as there are; the most needed first.</summary>
    public IReadOnlyList<string[]> Rows { get; init; } = [];

    /// <summary>Rows that are shown whatever is left out, below the others.</summary>
    public IReadOnlyList<string[]> Last { get; init; } = [];

    /// <summary>What <see cref="Rows"/> are, for where some are left out.</summary>
    public string What { get; init; } = "";

    public string? Note { get; init; }

    /// <summary>The rows of a form that has room for so many of <see cref="Rows"/>.</summary>
    public IReadOnlyList<string[]> Shown(int most) => [.. First, .. Rows.Take(most), .. Last];

    /// <summary>"3 of 12 tasks", where not all are shown; null where they are.</summary>
    public string? LeftOut(int most) =>
        Rows.Count <= most ? null : $"{ReportPhrases.Number(Rows.Count - most)} of {ReportPhrases.Number(Rows.Count)} {What}";
}
