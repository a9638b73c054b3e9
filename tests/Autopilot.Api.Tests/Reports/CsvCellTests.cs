using System.Globalization;
using System.Text;
using Autopilot.Api.Reports;
using CsCheck;
using CsvHelper;

namespace Autopilot.Api.Tests.Reports;

public sealed class CsvCellTests
{
    private const string Starters = "=+-@＝＋－＠";

    [Theory]
    [InlineData("v1.28.6-r0", "v1.28.6-r0")]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("＋1", "'＋1")]
    [InlineData("－1", "'－1")]
    [InlineData("＠SUM(A1)", "'＠SUM(A1)")]
    [InlineData("  =1", "'=1")]
    [InlineData("\u00A0=1", "'=1")]
    [InlineData("\u200B=1", "'=1")]
    [InlineData("\u2060\t=1", "'=1")]
    [InlineData("\t=1", "'=1")]
    [InlineData("a\n=1", "a =1")]
    [InlineData("a;=1", "a;'=1")]
    [InlineData("a; \u200B+1;b", "a;' +1;b")]
    [InlineData("=1;@2", "'=1;'@2")]
    [InlineData("a;b; c", "a;b; c")]
    [InlineData("a\r\n=1", "a =1")]
    [InlineData("a\u2028=1", "a =1")]
    [InlineData("a\u0085=1", "a =1")]
    [InlineData("\"=1\"", "\"=1\"")]
    public void Foreign_text_is_one_line_that_is_no_formula(string? text, string? expected) =>
        Assert.Equal(expected, CsvCell.Defused(text));

    /// <summary>
    /// Any cells are read back by a reader that knows RFC 4180 and nothing else, as many as were written, each on its own row.
    /// </summary>
    [Fact]
    public void Any_foreign_text_is_read_back_as_one_harmless_cell() =>
        Gen.OneOf(Gen.String, Gen.String["=+-@＝＋－＠ \t\r\n\",;'\u2028\u0085\u00A0\u200B1a"])
            .Array[1, 5]
            .Array[1, 4]
            .Sample(rows =>
            {
                var cells = StrictRows(Written(rows));

                Assert.Equal(rows.Select(row => row.Select(CsvCell.Defused)), cells);
                Assert.All(
                    cells.SelectMany(row => row),
                    cell =>
                    {
                        Assert.DoesNotContain(cell, c => char.IsControl(c) || c is '\u2028' or '\u2029');
                        Assert.All(
                            cell.Split(';'),
                            part =>
                                Assert.False(
                                    part.TrimStart() is [var first, ..] && Starters.Contains(first, StringComparison.Ordinal),
                                    cell
                                )
                        );
                    }
                );
            });

    /// <summary>What a reader makes of it that ends a row at every line break.</summary>
    [Fact]
    public void A_reader_that_splits_at_every_line_break_finds_the_same_rows() =>
        Gen.String["=\r\n\"a,\u2028"]
            .Array[1, 5]
            .Array[1, 4]
            .Sample(rows => Assert.Equal(rows.Length, Written(rows).Split('\n').Length - 1));

    private static string Written(string[][] rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CsvCell.Configuration, leaveOpen: true))
        {
            foreach (var row in rows)
            {
                foreach (var cell in row)
                {
                    csv.WriteForeign(cell);
                }

                csv.NextRecord();
            }
        }

        return text.ToString();
    }

    /// <summary>Reads RFC 4180 by the letter of its grammar, and refuses anything else.</summary>
    private static List<List<string>> StrictRows(string text)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var at = 0;
        while (at < text.Length)
        {
            var cell = new StringBuilder();
            if (text[at] == '"')
            {
                for (at++; text[at] != '"' || text.AsSpan(at).StartsWith("\"\""); at++)
                {
                    at += text[at] == '"' ? 1 : 0;
                    cell.Append(text[at]);
                }

                at++;
            }
            else
            {
                for (; text[at] is not (',' or '\r' or '\n'); at++)
                {
                    Assert.NotEqual('"', text[at]);
                    cell.Append(text[at]);
                }
            }

            row.Add(cell.ToString());
            if (text[at] == ',')
            {
                at++;
                if (text[at] == '\r')
                {
                    row.Add("");
                }
                else
                {
                    continue;
                }
            }

            Assert.Equal("\r\n", text.Substring(at, 2));
            at += 2;
            rows.Add(row);
            row = [];
        }

        return rows;
    }
}
