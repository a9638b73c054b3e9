using System.Text;
using Azure;

namespace Autopilot.Storage.Tests;

/// <summary>Only an answer that accepts every row is read by us; any other is the client library's to judge.</summary>
public sealed class TransactionAnswerTests
{
    [Fact]
    public void The_rows_versions_are_read_in_their_order_and_a_deleted_row_has_none()
    {
        var answer = Answer("HTTP/1.1 204 No Content\r\nDataServiceVersion: 3.0;\r\nETag: W/\"datetime'2026-01-01T12%3A00%3A00.1Z'\"", "HTTP/1.1 204 No Content", "HTTP/1.1 201 Created\r\netag:W/\"3\"\r\n\r\n{\"Text\":\"HTTP/1.1 500\\r\\nETag: no\"}");

        Assert.Equal([new ETag("W/\"datetime'2026-01-01T12%3A00%3A00.1Z'\""), default, new ETag("W/\"3\"")], Read(answer, 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_answer_with_more_or_fewer_parts_than_rows_is_not_ours_to_read(int rows) =>
        Assert.Null(Read(Answer("HTTP/1.1 204 No Content", "HTTP/1.1 204 No Content"), rows));

    [Theory]
    [InlineData("HTTP/1.1 412 Precondition Failed")]
    [InlineData("HTTP/1.1 500 Internal Server Error")]
    [InlineData("HTTP/1.1 ")]
    [InlineData("HTTP/1.1 20")]
    public void Nor_one_that_refuses_a_row(string status) => Assert.Null(Read(Answer("HTTP/1.1 204 No Content", status), 2));

    [Fact]
    public void Nor_one_that_was_cut() => Assert.Null(Read(Answer("HTTP/1.1 204 No Content\r\nETag: W/\"1\"")[..^40], 1));

    [Theory]
    [InlineData("")]
    [InlineData("\n\r\n\r")]
    [InlineData("ETag: W/\"1\"\n")]
    public void Nor_one_that_says_nothing(string answer) => Assert.Null(Read(Encoding.UTF8.GetBytes(answer), 1));

    private static List<ETag>? Read(byte[] answer, int rows)
    {
        var versions = new List<ETag>(rows);
        return LeanTransactionPolicy.TryReadVersions(answer, versions) ? versions : null;
    }

    private static byte[] Answer(params string[] parts) => Encoding.UTF8.GetBytes(
        "--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_2\r\n\r\n"
        + string.Concat(parts.Select(part => $"--changesetresponse_2\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n{part}\r\n\r\n\r\n"))
        + "--changesetresponse_2--\r\n--batchresponse_1--\r\n");
}
