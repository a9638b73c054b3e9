using System.Globalization;
using Autopilot.Core.Workflows;
using CsvHelper;
using CsvHelper.Configuration;

namespace Autopilot.Api.Reports;

/// <summary>
/// Writes cells of CSV. A cell is one line. For readers that do not follow RFC 4180 a line feed inside of a cell starts a new row, which
/// may begin with a formula.
/// </summary>
internal static class CsvCell
{
    /// <summary>Most characters of a cell; a spreadsheet takes no more.</summary>
    private const int MaxLength = 32_000;

    /// <summary>What a spreadsheet takes for the beginning of a formula, in its full-width form too.</summary>
    private const string FormulaStarters = "=+-@\uFF1D\uFF0B\uFF0D\uFF20\u2212\uFE62\uFE63\uFE66\uFE6B";

    /// <summary>RFC 4180: a comma between cells, CR LF behind each row, a cell in quotes where it needs them.</summary>
    public static CsvConfiguration Configuration { get; } =
        new(CultureInfo.InvariantCulture)
        {
            NewLine = "\r\n",
            ShouldQuote = args => ConfigurationFunctions.ShouldQuote(args) || args.Field.AsSpan().ContainsAny('\r', '\n'),
        };

    /// <summary>
    /// Writes text of others: on one line, and with an apostrophe in front where a spreadsheet would take it for a formula.
    /// </summary>
    public static void WriteForeign(this CsvWriter csv, string? text) => csv.WriteField(Defused(text));

    /// <summary>The text as <see cref="WriteForeign"/> writes it; null for null.</summary>
    internal static string? Defused(string? text)
    {
        // Where the decimal comma is used, a spreadsheet begins a new cell at each semicolon, whatever is quoted.
        return ForeignText.OneLine(text, MaxLength)?.Trim() is { } line ? string.Join(';', line.Split(';').Select(NoFormula)) : null;
    }

    private static string NoFormula(string part)
    {
        // What cannot be seen in front of a formula does not keep it from being one.
        var first = part.FirstOrDefault(c =>
            !char.IsWhiteSpace(c) && char.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.OtherNotAssigned)
        );
        return FormulaStarters.Contains(first, StringComparison.Ordinal) ? $"'{part}" : part;
    }
}
